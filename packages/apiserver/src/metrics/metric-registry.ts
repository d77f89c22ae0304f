/** Counts, gauges and histograms, and their text for Prometheus. */
export class MetricRegistry {
  private readonly metrics: Metric[] = []

  counter(name: string, help: string, labels: readonly string[] = []): Counter {
    return this.added(new Counter(name, help, labels, 'counter'))
  }

  gauge(name: string, help: string, labels: readonly string[] = []): Counter {
    return this.added(new Counter(name, help, labels, 'gauge'))
  }

  histogram(name: string, help: string, buckets: readonly number[], labels: readonly string[] = []): Histogram {
    return this.added(new Histogram(name, help, buckets, labels))
  }

  /** Gauges whose values are read when somebody asks: label values to number. */
  observed(
    name: string,
    help: string,
    labels: readonly string[],
    read: () => Iterable<readonly [values: readonly string[], value: number]>,
  ): void {
    this.metrics.push({
      *lines() {
        yield `# HELP ${name} ${help}`
        yield `# TYPE ${name} gauge`
        for (const [values, value] of read()) yield `${name}${labelText(labels, values)} ${value}`
      },
    })
  }

  /** The text format, version 0.0.4. */
  text(): string {
    let text = ''
    for (const metric of this.metrics) for (const line of metric.lines()) text += `${line}\n`
    return text
  }

  private added<M extends Metric>(metric: M): M {
    this.metrics.push(metric)
    return metric
  }
}

interface Metric {
  lines(): Iterable<string>
}

/** Series kept of one metric; more would be a leak. */
const mostSeries = 10_000

/** A number for each combination of label values: a counter, or a gauge. */
export class Counter implements Metric {
  private readonly series = new Map<string, { readonly values: readonly string[]; value: number }>()

  constructor(
    private readonly name: string,
    private readonly help: string,
    private readonly labels: readonly string[],
    private readonly type: 'counter' | 'gauge',
  ) {}

  add(amount: number, ...values: string[]): void {
    const key = values.join('\u0000')
    const one = this.series.get(key)
    if (one) one.value += amount
    else if (this.series.size < mostSeries) this.series.set(key, { values, value: amount })
  }

  set(value: number, ...values: string[]): void {
    const key = values.join('\u0000')
    const one = this.series.get(key)
    if (one) one.value = value
    else if (this.series.size < mostSeries) this.series.set(key, { values, value })
  }

  *lines(): Iterable<string> {
    yield `# HELP ${this.name} ${this.help}`
    yield `# TYPE ${this.name} ${this.type}`
    for (const { values, value } of this.series.values()) yield `${this.name}${labelText(this.labels, values)} ${value}`
  }
}

interface HistogramSeries {
  readonly values: readonly string[]
  readonly counts: number[]
  sum: number
  count: number
}

/** Observations sorted into buckets, for each combination of label values. */
export class Histogram implements Metric {
  private readonly series = new Map<string, HistogramSeries>()

  constructor(
    private readonly name: string,
    private readonly help: string,
    private readonly buckets: readonly number[],
    private readonly labels: readonly string[],
  ) {}

  observe(value: number, ...values: string[]): void {
    const key = values.join('\u0000')
    let one = this.series.get(key)
    if (!one) {
      if (this.series.size >= mostSeries) return
      one = { values, counts: this.buckets.map(() => 0), sum: 0, count: 0 }
      this.series.set(key, one)
    }
    one.sum += value
    one.count++
    for (let i = 0; i < this.buckets.length; i++) {
      if (value <= (this.buckets[i] ?? 0)) {
        one.counts[i] = (one.counts[i] ?? 0) + 1
        return
      }
    }
  }

  *lines(): Iterable<string> {
    yield `# HELP ${this.name} ${this.help}`
    yield `# TYPE ${this.name} histogram`
    const labels = [...this.labels, 'le']
    for (const { values, counts, sum, count } of this.series.values()) {
      let below = 0
      for (let i = 0; i < counts.length; i++) {
        below += counts[i] ?? 0
        yield `${this.name}_bucket${labelText(labels, [...values, String(this.buckets[i])])} ${below}`
      }
      yield `${this.name}_bucket${labelText(labels, [...values, '+Inf'])} ${count}`
      yield `${this.name}_sum${labelText(this.labels, values)} ${sum}`
      yield `${this.name}_count${labelText(this.labels, values)} ${count}`
    }
  }
}

function labelText(labels: readonly string[], values: readonly string[]): string {
  if (labels.length === 0) return ''
  const pairs = labels.map((label, index) => `${label}="${escapeValue(values[index] ?? '')}"`)
  return `{${pairs.join(',')}}`
}

function escapeValue(value: string): string {
  return value.replace(/[\\"\n]/g, (character) => (character === '\n' ? '\\n' : `\\${character}`))
}
