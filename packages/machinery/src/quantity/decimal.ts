/** `unscaled` times ten to the power of `exponent`, exactly. Exponents are bounded by the parser. */
export interface Decimal {
  readonly unscaled: bigint
  readonly exponent: number
}

export function decimalSum(a: Decimal, b: Decimal): Decimal {
  if (a.unscaled === 0n) return b
  if (b.unscaled === 0n) return a
  const exponent = Math.min(a.exponent, b.exponent)
  return { unscaled: unscaledAt(a, exponent) + unscaledAt(b, exponent), exponent }
}

export function decimalCompare(a: Decimal, b: Decimal): number {
  const exponent = Math.min(a.exponent, b.exponent)
  const left = unscaledAt(a, exponent)
  const right = unscaledAt(b, exponent)
  return left < right ? -1 : left > right ? 1 : 0
}

/** The value in units of ten to the power of `exponent`, rounded away from zero. */
export function divideUp({ unscaled, exponent: own }: Decimal, exponent: number): bigint {
  if (own >= exponent) return unscaled * 10n ** BigInt(own - exponent)
  const divisor = 10n ** BigInt(exponent - own)
  const quotient = unscaled / divisor
  if (quotient * divisor === unscaled) return quotient
  return quotient + (unscaled < 0n ? -1n : 1n)
}

/** The value as a whole number of units, if it is one. */
export function exactInteger(decimal: Decimal): bigint | undefined {
  const rounded = divideUp(decimal, 0)
  return decimalCompare({ unscaled: rounded, exponent: 0 }, decimal) === 0 ? rounded : undefined
}

function unscaledAt({ unscaled, exponent: own }: Decimal, exponent: number): bigint {
  return own === exponent ? unscaled : unscaled * 10n ** BigInt(own - exponent)
}
