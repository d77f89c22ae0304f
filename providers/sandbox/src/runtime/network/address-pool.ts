import { CriError, criCodes } from '@treeline/cri'

/**
 * Hands out the addresses of one IPv4 block. The first address (network), the second (gateway) and the last (broadcast)
 * stay free. An address given back is not given out again until the others have had their turn.
 */
export class AddressPool {
  readonly #first: number
  readonly #last: number
  readonly #taken = new Set<number>()
  #next: number

  /** Throws on anything but an IPv4 block of at most /29. */
  constructor(readonly cidr: string) {
    const [address = '', bits = ''] = cidr.split('/')
    const length = Number(bits)
    const base = parseIPv4(address)
    if (base === undefined || !Number.isInteger(length) || length < 8 || length > 29) {
      throw new CriError(criCodes.INVALID_ARGUMENT, `pod CIDR ${JSON.stringify(cidr)} is not an IPv4 block between /8 and /29`)
    }
    const size = 2 ** (32 - length)
    const network = base - (base % size)
    this.#first = network + 2
    this.#last = network + size - 2
    this.#next = this.#first
  }

  /** Throws RESOURCE_EXHAUSTED when every address is taken. */
  take(): string {
    const count = this.#last - this.#first + 1
    for (let tried = 0; tried < count; tried++) {
      const candidate = this.#next
      this.#next = candidate === this.#last ? this.#first : candidate + 1
      if (this.#taken.has(candidate)) continue
      this.#taken.add(candidate)
      return formatIPv4(candidate)
    }
    throw new CriError(criCodes.RESOURCE_EXHAUSTED, `no addresses left in ${this.cidr}`)
  }

  giveBack(address: string): void {
    const number = parseIPv4(address)
    if (number !== undefined) this.#taken.delete(number)
  }
}

function parseIPv4(text: string): number | undefined {
  const parts = text.split('.').map((part) => (/^\d{1,3}$/.test(part) ? Number(part) : 256))
  if (parts.length !== 4 || parts.some((part) => part > 255)) return undefined
  return parts.reduce((sum, part) => sum * 256 + part, 0)
}

function formatIPv4(number: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(number / 2 ** shift) % 256).join('.')
}
