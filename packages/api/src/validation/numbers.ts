import { type FieldPath, validateInRange } from '@treeline/machinery'
import type { Findings } from './findings.js'

/** Zero or more; absent counts as zero. */
export function checkNonNegative(found: Findings, value: number | undefined, path: FieldPath): void {
  if (value !== undefined && value < 0) found.invalid(path, value, 'must be greater than or equal to 0')
}

/** More than zero; absent counts as zero. */
export function checkPositive(found: Findings, value: number | undefined, path: FieldPath): void {
  if ((value ?? 0) <= 0) found.invalid(path, value ?? 0, 'must be greater than zero')
}

/** Between two numbers, both inclusive; absent passes. */
export function checkRange(found: Findings, value: number | undefined, minimum: number, maximum: number, path: FieldPath): void {
  if (value !== undefined) found.each(path, value, validateInRange(value, minimum, maximum))
}

/** Largest value of an int32 field. */
export const maxInt32 = 0x7fffffff

/** Permission bits of a file. */
export function checkFileMode(found: Findings, mode: number | undefined, path: FieldPath): void {
  if (mode !== undefined && (mode < 0 || mode > 0o777)) {
    found.invalid(path, mode, 'must be a number between 0 and 0777 (octal), both inclusive')
  }
}
