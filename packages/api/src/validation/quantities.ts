import { type FieldPath, Quantity } from '@treeline/machinery'
import type { Findings } from './findings.js'
import { isIntegerResource } from './resource-names.js'

/** Amounts by resource, as the wire has them. */
export type Amounts = Readonly<Record<string, string>>

export function checkNonNegativeQuantity(found: Findings, amount: Quantity, path: FieldPath): void {
  if (amount.sign < 0) found.invalid(path, amount.toString(), 'must be greater than or equal to 0')
}

export function checkPositiveQuantity(found: Findings, amount: Quantity, path: FieldPath): void {
  if (amount.sign <= 0) found.invalid(path, amount.toString(), 'must be greater than zero')
}

/** Never negative, and whole where the resource is counted. */
export function checkResourceAmount(found: Findings, resource: string, text: string, path: FieldPath): void {
  const amount = Quantity.parse(text)
  checkNonNegativeQuantity(found, amount, path)
  if (isIntegerResource(resource) && amount.scaledValue(-3) % 1000n !== 0n) found.invalid(path, amount.toString(), 'must be an integer')
}

/** Negative amounts are no amounts; upstream names the rounded number. */
export function checkBasicAmount(found: Findings, text: string, path: FieldPath): void {
  const value = Quantity.parse(text).value()
  if (value < 0) found.invalid(path, value, 'must be a valid resource quantity')
}

/** Compares two amounts in text form. */
export function compareAmounts(a: string, b: string): number {
  return Quantity.parse(a).cmp(Quantity.parse(b))
}
