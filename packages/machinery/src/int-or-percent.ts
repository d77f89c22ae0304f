import { quote } from './text/quote.js'

/** An int-or-string of the wire. */
export type IntOrString = number | string

/** A percentage of `total`, rounded up or down, or the number as it is. Throws when a string is not `N%`. */
export function scaledIntOrPercent(value: IntOrString, total: number, roundUp: boolean): number {
  if (typeof value === 'number') return value
  if (!value.endsWith('%')) throw new Error('invalid value for IntOrString: invalid type: string is not a percentage')
  const digits = value.slice(0, -1)
  if (!/^[+-]?\d+$/.test(digits)) {
    throw new Error(`invalid value for IntOrString: invalid value ${quote(value)}: strconv.Atoi: parsing ${quote(digits)}: invalid syntax`)
  }
  const share = (Number(digits) * total) / 100
  return (roundUp ? Math.ceil(share) : Math.floor(share)) + 0
}
