/** Metrics of a process in Prometheus' model. */
export type Labels = Readonly<Record<string, string>>

export interface Counter {
  increment(labels?: Labels, by?: number): void
}
export interface Gauge {
  set(value: number, labels?: Labels): void
  add(by: number, labels?: Labels): void
  /** Reads the value when asked for it. */
  observe(read: () => number, labels?: Labels): void
  remove(labels?: Labels): void
}
export interface Histogram {
  observe(value: number, labels?: Labels): void
}

/** Makes metrics and prints them. Asking for a name again gives the same metric. */
export class MetricRegistry {
  private readonly metrics = new Map<string, Printable>()

  counter(name: string, help: string): Counter {
    return this.once(name, () => new Values(name, help, 'counter')) as Values
  }

  gauge(name: string, help: string): Gauge {
    return this.once(name, () => new Values(name, help, 'gauge')) as Values
  }

  /** `buckets` are upper bounds, rising, without infinity. */
  histogram(name: string, help: string, buckets: readonly number[]): Histogram {
    return this.once(name, () => new Buckets(name, help, buckets)) as Buckets
  }

  /** The Prometheus text format, version 0.0.4. */
  render(): string {
    return [...this.metrics.values()].map((metric) => metric.render()).join('')
  }

  private once(name: string, make: () => Printable): Printable {
    const known = this.metrics.get(name) ?? make()
    this.metrics.set(name, known)
    return known
  }
}

/** Upper bounds `first * factor^n`. */
export function exponentialBuckets(first: number, factor: number, count: number): number[] {
  return Array.from({ length: count }, (_, index) => first * factor ** index)
}

interface Printable {
  render(): string
}

class Values implements Counter, Gauge, Printable {
  private readonly values = new Map<string, number>()
  private readonly readers = new Map<string, () => number>()

  constructor(
    private readonly name: string,
    private readonly help: string,
    private readonly type: 'counter' | 'gauge',
  ) {}

  increment(labels?: Labels, by = 1): void {
    this.add(by, labels)
  }

  set(value: number, labels?: Labels): void {
    this.values.set(labelText(labels), value)
  }

  add(by: number, labels?: Labels): void {
    const key = labelText(labels)
    this.values.set(key, (this.values.get(key) ?? 0) + by)
  }

  observe(read: () => number, labels?: Labels): void {
    this.readers.set(labelText(labels), read)
  }

  remove(labels?: Labels): void {
    this.values.delete(labelText(labels))
    this.readers.delete(labelText(labels))
  }

  render(): string {
    let text = head(this.name, this.help, this.type)
    for (const [labels, value] of this.values) text += `${this.name}${labels} ${value}\n`
    for (const [labels, read] of this.readers) text += `${this.name}${labels} ${read()}\n`
    return text
  }
}

class Buckets implements Histogram, Printable {
  private readonly series = new Map<string, { counts: number[]; sum: number; count: number; labels: Labels }>()

  constructor(
    private readonly name: string,
    private readonly help: string,
    private readonly bounds: readonly number[],
  ) {}

  observe(value: number, labels: Labels = {}): void {
    const key = labelText(labels)
    let series = this.series.get(key)
    if (!series) {
      series = { counts: this.bounds.map(() => 0), sum: 0, count: 0, labels }
      this.series.set(key, series)
    }
    series.sum += value
    series.count++
    const bucket = this.bounds.findIndex((bound) => value <= bound)
    if (bucket >= 0) series.counts[bucket] = (series.counts[bucket] ?? 0) + 1
  }

  render(): string {
    let text = head(this.name, this.help, 'histogram')
    for (const [labels, series] of this.series) {
      let below = 0
      this.bounds.forEach((bound, index) => {
        below += series.counts[index] ?? 0
        text += `${this.name}_bucket${labelText({ ...series.labels, le: String(bound) })} ${below}\n`
      })
      text += `${this.name}_bucket${labelText({ ...series.labels, le: '+Inf' })} ${series.count}\n`
      text += `${this.name}_sum${labels} ${series.sum}\n${this.name}_count${labels} ${series.count}\n`
    }
    return text
  }
}

const head = (name: string, help: string, type: string) => `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n`

function labelText(labels: Labels | undefined): string {
  const entries = Object.entries(labels ?? {})
  if (entries.length === 0) return ''
  return `{${entries.map(([name, value]) => `${name}="${escaped(value)}"`).join(',')}}`
}

function escaped(value: string): string {
  return value.replace(/[\\"\n]/g, (character) => (character === '\n' ? '\\n' : `\\${character}`))
}
