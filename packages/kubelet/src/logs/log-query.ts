import type { LogQuery } from './read-log.js'

/** A query that cannot be served, with the status code that says so. */
export class LogQueryError extends Error {
  override readonly name = 'LogQueryError'
  constructor(
    readonly code: 400 | 422,
    message: string,
  ) {
    super(message)
  }
}

/** Reads the parameters of a log request. Throws a LogQueryError on values that make no sense. */
export function parseLogQuery(parameters: URLSearchParams, now: number): LogQuery & { readonly previous: boolean } {
  const tail = parameters.get('tailLines') ?? parameters.get('tail')
  const sinceSeconds = whole(parameters, 'sinceSeconds', 1)
  const sinceTime = parameters.get('sinceTime')
  if (sinceSeconds !== undefined && sinceTime) throw new LogQueryError(422, 'at most one of `sinceTime` or `sinceSeconds` may be specified')
  const sinceMoment = sinceTime ? Date.parse(sinceTime) : undefined
  if (Number.isNaN(sinceMoment)) throw new LogQueryError(400, `invalid sinceTime ${JSON.stringify(sinceTime)}`)
  const stream = (parameters.get('stream') ?? 'All').toLowerCase()
  if (stream !== 'all' && stream !== 'stdout' && stream !== 'stderr')
    throw new LogQueryError(422, `invalid stream ${JSON.stringify(stream)}`)
  return {
    follow: flag(parameters, 'follow'),
    previous: flag(parameters, 'previous'),
    timestamps: flag(parameters, 'timestamps'),
    tailLines: tail === null || tail === 'all' ? undefined : whole(new URLSearchParams({ tailLines: tail }), 'tailLines', 0),
    limitBytes: whole(parameters, 'limitBytes', 1),
    since: sinceMoment ?? (sinceSeconds === undefined ? undefined : now - sinceSeconds * 1_000),
    stream: stream === 'all' ? undefined : stream,
  }
}

function flag(parameters: URLSearchParams, name: string): boolean {
  const value = parameters.get(name)
  return value !== null && value !== 'false' && value !== '0'
}

function whole(parameters: URLSearchParams, name: string, least: number): number | undefined {
  const text = parameters.get(name)
  if (text === null || text === '') return undefined
  if (!/^-?\d{1,15}$/.test(text)) throw new LogQueryError(400, `invalid ${name} ${JSON.stringify(text)}`)
  const value = Number(text)
  if (value < least) throw new LogQueryError(422, `${name}: Invalid value: ${value}: must be greater than or equal to ${least}`)
  return value
}
