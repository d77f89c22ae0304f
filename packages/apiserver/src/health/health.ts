import { answerText } from '../http/answer.js'
import type { Exchange } from '../http/exchange.js'
import { notFoundPage } from '../http/not-found.js'
import type { Stage } from '../http/pipeline.js'

/** One named check of the server's health. */
export interface HealthCheck {
  readonly name: string
  /** Rejects or throws when something is wrong; what it says stays with the server. */
  readonly check: () => Promise<void> | void
  /** Where it counts; everywhere when absent. */
  readonly only?: 'livez' | 'readyz'
}

/** The checks in the order they are told. New ones may come while the server starts. */
export class Health {
  private readonly checks: HealthCheck[] = []

  add(check: HealthCheck): void {
    this.checks.push(check)
  }

  /** A check that fails until the returned function is called. */
  addPending(name: string): () => void {
    let done = false
    this.add({
      name,
      check: () => {
        if (!done) throw new Error('not finished')
      },
    })
    return () => {
      done = true
    }
  }

  of(endpoint: string): readonly HealthCheck[] {
    return this.checks.filter(({ only }) => only === undefined || only === endpoint || (endpoint === 'healthz' && only === 'livez'))
  }
}

const endpoints = new Set(['livez', 'readyz', 'healthz'])

/** Answers `/livez`, `/readyz`, `/healthz` and what is below them. */
export function serveHealth(health: Health): Stage {
  return (exchange) => {
    const [, endpoint = '', ...rest] = exchange.info.path.split('/')
    if (!endpoints.has(endpoint)) return undefined
    const name = rest.join('/').replace(/\/$/, '')
    return name === '' ? answerAll(exchange, endpoint, health.of(endpoint)) : answerOne(exchange, name, health.of(endpoint))
  }
}

async function answerOne(exchange: Exchange, name: string, checks: readonly HealthCheck[]): Promise<void> {
  const check = checks.find((candidate) => candidate.name === name)
  if (!check) return notFoundPage(exchange)
  const problem = await problemOf(check)
  if (problem === undefined) answerText(exchange, 200, 'ok')
  else answerText(exchange, 500, `internal server error: ${problem}\n`)
}

async function answerAll(exchange: Exchange, endpoint: string, checks: readonly HealthCheck[]): Promise<void> {
  const excluded = new Set(exchange.info.query === '' ? [] : exchange.query.getAll('exclude'))
  const lines: string[] = []
  let failed = false
  for (const check of checks) {
    if (excluded.delete(check.name)) {
      lines.push(`[+]${check.name} excluded: ok`)
      continue
    }
    const problem = await problemOf(check)
    if (problem === undefined) lines.push(`[+]${check.name} ok`)
    else {
      failed = true
      lines.push(`[-]${check.name} failed: reason withheld`)
    }
  }
  if (excluded.size > 0) {
    const names = [...excluded].map((name) => JSON.stringify(name)).join(', ')
    lines.push(`warn: some health checks cannot be excluded: no matches for ${names}`)
  }
  if (failed) answerText(exchange, 500, `${lines.join('\n')}\n${endpoint} check failed\n`)
  else if (exchange.info.query !== '' && exchange.query.has('verbose'))
    answerText(exchange, 200, `${lines.join('\n')}\n${endpoint} check passed\n`)
  else answerText(exchange, 200, 'ok')
}

async function problemOf(check: HealthCheck): Promise<string | undefined> {
  try {
    await check.check()
    return undefined
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}
