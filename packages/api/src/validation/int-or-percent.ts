import { type FieldPath, validatePercent } from '@treeline/machinery'
import type { Findings } from './findings.js'
import { checkNonNegative } from './numbers.js'

export type IntOrPercent = number | string | undefined

/** A number from zero, or `N%`. An absent one counts as zero. */
export function checkIntOrPercent(found: Findings, value: IntOrPercent, path: FieldPath): void {
  if (typeof value === 'string') found.each(path, value, validatePercent(value))
  else checkNonNegative(found, value, path)
}

/** Not more than everything. */
export function checkAtMostAll(found: Findings, value: IntOrPercent, path: FieldPath): void {
  if (typeof value === 'string' && validatePercent(value).length === 0 && Number.parseInt(value, 10) > 100) {
    found.invalid(path, value, 'must not be greater than 100%')
  }
}

/** Zero of either kind; a string that is no percentage counts as the number it begins with, or zero. */
export function isZeroAmount(value: IntOrPercent): boolean {
  if (typeof value !== 'string') return (value ?? 0) === 0
  const digits = validatePercent(value).length === 0 ? value.slice(0, -1) : value
  return !/^[+-]?\d+$/.test(digits) || Number(digits) === 0
}
