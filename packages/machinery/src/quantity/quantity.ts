import { type Decimal, decimalCompare, decimalSum, divideUp } from './decimal.js'
import { formatQuantity, type QuantityFormat } from './format-quantity.js'
import { parseQuantity } from './parse-quantity.js'

export type { QuantityFormat } from './format-quantity.js'

/** An exact amount of a resource, such as `100m`, `1.5Gi` or `2e3`. Immutable. */
export class Quantity {
  private constructor(
    private readonly amount: Decimal,
    readonly format: QuantityFormat,
    private text?: string,
  ) {}

  static readonly zero = new Quantity({ unscaled: 0n, exponent: 0 }, 'DecimalSI')

  /** Reads a quantity of the wire; below a nano it rounds up. Throws an Error in upstream's words. */
  static parse(text: string | number): Quantity {
    const { amount, format, canonical } = parseQuantity(typeof text === 'number' ? String(text) : text.trim())
    return new Quantity(amount, format, canonical)
  }

  /** `value` times ten to the power of `exponent`, as an integer. */
  static of(value: number | bigint, format: QuantityFormat = 'DecimalSI', exponent = 0): Quantity {
    return new Quantity({ unscaled: BigInt(value), exponent }, format)
  }

  /** `value` thousandths. */
  static ofMilli(value: number | bigint, format: QuantityFormat = 'DecimalSI'): Quantity {
    return Quantity.of(value, format, -3)
  }

  /** The sum; it is written like this quantity unless this is zero. */
  add(other: Quantity): Quantity {
    return new Quantity(decimalSum(this.amount, other.amount), this.isZero ? other.format : this.format)
  }

  sub(other: Quantity): Quantity {
    return this.add(other.neg())
  }

  neg(): Quantity {
    return new Quantity({ unscaled: -this.amount.unscaled, exponent: this.amount.exponent }, this.format)
  }

  mul(factor: number | bigint): Quantity {
    return new Quantity({ unscaled: this.amount.unscaled * BigInt(factor), exponent: this.amount.exponent }, this.format)
  }

  /** Negative, zero or positive as this is less than, equal to or greater than `other`. */
  cmp(other: Quantity): number {
    return decimalCompare(this.amount, other.amount)
  }

  equals(other: Quantity): boolean {
    return this.cmp(other) === 0
  }

  get isZero(): boolean {
    return this.amount.unscaled === 0n
  }

  get sign(): -1 | 0 | 1 {
    return this.amount.unscaled === 0n ? 0 : this.amount.unscaled < 0n ? -1 : 1
  }

  /** Whole units, rounded away from zero; beyond 2^53 the nearest number. */
  value(): number {
    return Number(this.scaledValue(0))
  }

  /** Thousandths, rounded away from zero; beyond 2^53 the nearest number. */
  milliValue(): number {
    return Number(this.scaledValue(-3))
  }

  /** The amount in units of ten to the power of `exponent`, rounded away from zero. */
  scaledValue(exponent: number): bigint {
    return divideUp(this.amount, exponent)
  }

  /** Canonical form, as upstream prints it: what was read stays as it was written where that is canonical enough. */
  toString(): string {
    this.text ??= formatQuantity(this.amount, this.format)
    return this.text
  }

  toJSON(): string {
    return this.toString()
  }
}
