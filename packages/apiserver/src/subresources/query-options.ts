import { errors } from '@treeline/machinery'

/** Query parameters as the typed options of a connect or log request, read as upstream reads them. */
export class QueryOptions {
  constructor(private readonly query: URLSearchParams) {}

  text(name: string): string {
    return this.query.get(name) ?? ''
  }

  texts(name: string): string[] {
    return this.query.getAll(name)
  }

  /** Given means true, whatever it says, but for `false` and `0`. */
  flag(name: string): boolean {
    const value = this.query.get(name)
    return value !== null && !['false', '0'].includes(value.toLowerCase())
  }

  /** Undefined when it is not given. Throws BadRequest on what is no whole number. */
  integer(name: string): number | undefined {
    const value = this.query.get(name)
    if (value === null || value === '') return undefined
    if (!/^[-+]?\d{1,18}$/.test(value)) throw errors.badRequest(`strconv.ParseInt: parsing ${JSON.stringify(value)}: invalid syntax`)
    return Number(value)
  }
}
