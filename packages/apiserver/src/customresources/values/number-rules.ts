import { goFloat } from '@treeline/machinery'
import type { JsonSchema } from '../schema/json-schema.js'
import type { Outcome } from './outcome.js'

/** Holds a number against minimum, maximum and multipleOf. Integers are compared with the integer part of the bounds, as upstream does. */
export function checkNumber(schema: JsonSchema, value: number, name: string, outcome: Outcome): void {
  const { multipleOf, maximum, exclusiveMaximum = false, minimum, exclusiveMinimum = false } = schema
  const isInteger = Number.isInteger(value)
  const bound = (limit: number): number => (isInteger ? Math.trunc(limit) : limit)
  const shown = (limit: number): string => (isInteger ? String(Math.trunc(limit)) : goFloat(limit))
  if (multipleOf !== undefined && !isMultiple(value, bound(multipleOf))) {
    const factor = bound(multipleOf)
    if (factor <= 0) {
      const message = `factor MultipleOf declared for ${name} must be positive: ${shown(multipleOf)}`
      outcome.add({ rule: 'other', name, value: factor, message })
    } else outcome.add({ rule: 'other', name, value, message: `${name} in body should be a multiple of ${shown(multipleOf)}` })
  }
  if (minimum !== undefined && (value < bound(minimum) || (exclusiveMinimum && value === bound(minimum)))) {
    const than = exclusiveMinimum ? 'greater than' : 'greater than or equal to'
    outcome.add({ rule: 'other', name, value, message: `${name} in body should be ${than} ${shown(minimum)}` })
  }
  if (maximum !== undefined && (value > bound(maximum) || (exclusiveMaximum && value === bound(maximum)))) {
    const than = exclusiveMaximum ? 'less than' : 'less than or equal to'
    outcome.add({ rule: 'other', name, value, message: `${name} in body should be ${than} ${shown(maximum)}` })
  }
  outcome.matches += 2
}

function isMultiple(value: number, factor: number): boolean {
  if (factor <= 0) return false
  if (Number.isInteger(value) && Number.isInteger(factor)) return value % factor === 0
  const quotient = factor < 1 ? (1 / factor) * value : value / factor
  const nearest = Math.round(quotient)
  return quotient === nearest || Math.abs(quotient - nearest) / Math.max(Math.abs(quotient), Number.MIN_VALUE) < 1e-9
}
