import { type Decimal, decimalCompare, exactInteger } from './decimal.js'
import { binarySuffixes, decimalSuffixes, type QuantityFormat } from './suffixes.js'

export type { QuantityFormat } from './suffixes.js'

/**
 * Canonical form: the largest suffix that leaves an integer. Binary amounts below 1024 and fractional ones are written
 * in decimal, so that nothing is rounded.
 */
export function formatQuantity(amount: Decimal, format: QuantityFormat): string {
  if (amount.unscaled === 0n) return '0'
  const binary = format === 'BinarySI' ? binaryInteger(amount) : undefined
  if (binary !== undefined) return formatBinary(binary)
  return formatDecimal(amount, format === 'DecimalExponent')
}

function binaryInteger(amount: Decimal): bigint | undefined {
  const small =
    decimalCompare(amount, { unscaled: -1024n, exponent: 0 }) > 0 && decimalCompare(amount, { unscaled: 1024n, exponent: 0 }) < 0
  return small ? undefined : exactInteger(amount)
}

function formatBinary(value: bigint): string {
  let mantissa = value
  let power = 0
  while (mantissa % 1024n === 0n) {
    mantissa /= 1024n
    power += 10
  }
  return mantissa + (binarySuffixByPower.get(power) ?? '')
}

function formatDecimal({ unscaled, exponent: given }: Decimal, withExponent: boolean): string {
  let mantissa = unscaled
  let exponent = given
  while (mantissa % 10n === 0n) {
    mantissa /= 10n
    exponent++
  }
  while (exponent % 3 !== 0) {
    mantissa *= 10n
    exponent--
  }
  if (withExponent) return exponent === 0 ? `${mantissa}` : `${mantissa}e${exponent}`
  while (exponent > largestDecimalPower) {
    mantissa *= 1000n
    exponent -= 3
  }
  return mantissa + (decimalSuffixByPower.get(exponent) ?? '')
}

const largestDecimalPower = 18
const decimalSuffixByPower = new Map([...decimalSuffixes].map(([suffix, power]) => [power, suffix]))
const binarySuffixByPower = new Map([...binarySuffixes].map(([suffix, power]) => [power, suffix]))
