import { type Decimal, decimalCompare, divideUp } from './decimal.js'
import { binarySuffixes, decimalSuffixes, type QuantityFormat } from './suffixes.js'

export interface ParsedQuantity {
  readonly amount: Decimal
  readonly format: QuantityFormat
  /** The text, where upstream prints it back as it came. */
  readonly canonical?: string
}

/** Reads digits and a suffix. Throws an Error in upstream's words. */
export function parseQuantity(text: string): ParsedQuantity {
  const match = text.length <= maxLength ? shape.exec(text) : null
  if (!match || text === '') throw new Error(wrongFormat)
  const [, sign, digits = '', , fraction = '', suffix = ''] = match
  const scale = interpretSuffix(suffix)
  const whole = digits.replace(/^0+/, '')
  const unsigned = scale.format === 'BinarySI' ? binaryAmount(whole, fraction, scale) : decimalAmount(whole, fraction, scale)
  if (unsigned.exact && digits === '' && fraction === '') throw new Error(wrongNumber)
  const format = scale.format === 'BinarySI' && isProperFraction(unsigned.amount) ? 'DecimalSI' : scale.format
  const amount = sign === '-' ? { unscaled: -unsigned.amount.unscaled, exponent: unsigned.amount.exponent } : unsigned.amount
  return { amount, format, canonical: unsigned.keepsText ? text : undefined }
}

const maxLength = 1000
const shape = /^([+-]?)([0-9]*)(\.?)([0-9]*)([eEinumkKMGTP]*[-+]?[0-9]*)$/
const wrongFormat = "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'"
const wrongSuffix = "unable to parse quantity's suffix"
const wrongNumber = 'unable to parse numeric part of quantity'

/** Exponents beyond this would cost memory in every comparison. */
const maxExponent = 10_000
/** Digits a 64-bit integer always holds; up to there upstream keeps the text. */
const fastDigits = 18
const smallest = -9
const largestBinary = 2n ** 63n - 1n

interface SuffixScale {
  readonly format: QuantityFormat
  /** Power of ten, or of two for BinarySI. */
  readonly exponent: number
}

/** A value without sign. */
interface UnsignedAmount {
  readonly amount: Decimal
  /** The text is printed back. */
  readonly keepsText: boolean
  /** Beyond what upstream holds in 64 bits: there no digit at all is not a zero. */
  readonly exact: boolean
}

function interpretSuffix(suffix: string): SuffixScale {
  const decimal = decimalSuffixes.get(suffix)
  if (decimal !== undefined) return { format: 'DecimalSI', exponent: decimal }
  const binary = binarySuffixes.get(suffix)
  if (binary !== undefined) return { format: 'BinarySI', exponent: binary }
  if (!/^[eE][+-]?[0-9]+$/.test(suffix)) throw new Error(wrongSuffix)
  const exponent = Number(suffix.slice(1))
  if (Math.abs(exponent) > maxExponent) throw new Error(wrongSuffix)
  return { format: 'DecimalExponent', exponent: exponent + 0 }
}

function decimalAmount(whole: string, fraction: string, scale: SuffixScale): UnsignedAmount {
  const exponent = scale.exponent - fraction.length
  const shifted = (whole || '0') + fraction
  const amount = { unscaled: BigInt(shifted), exponent }
  if (shifted.length <= fastDigits && exponent >= smallest) {
    return { amount, keepsText: exponent % 3 === 0 && !shifted.endsWith('000') && !shifted.startsWith('0'), exact: false }
  }
  return { amount: atLeastNano(amount), keepsText: false, exact: true }
}

function binaryAmount(whole: string, fraction: string, { exponent }: SuffixScale): UnsignedAmount {
  const number = BigInt((whole || '0') + fraction)
  const exact = { unscaled: number * 2n ** BigInt(exponent), exponent: -fraction.length }
  const fast = fraction === '' && (whole.length || 1) + Math.trunc((exponent * 3) / 10) + 1 <= 15
  if (fast) return { amount: exact, keepsText: number % 8n !== 0n, exact: false }
  const amount = atLeastNano(exact)
  const limit = { unscaled: largestBinary, exponent: 0 }
  return { amount: decimalCompare(amount, limit) > 0 ? limit : amount, keepsText: false, exact: true }
}

function atLeastNano(amount: Decimal): Decimal {
  return amount.exponent >= smallest ? amount : { unscaled: divideUp(amount, smallest), exponent: smallest }
}

function isProperFraction(amount: Decimal): boolean {
  return amount.unscaled > 0n && decimalCompare(amount, { unscaled: 1n, exponent: 0 }) < 0
}
