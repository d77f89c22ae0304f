import { type Cidr, formatCidr, parseCidr, subnetAt, subnetCount, subnetsTouching } from './cidr.js'

/** Most bits that may lie between the cluster's range and those of nodes. */
const mostBits = 16

/** The ranges for nodes within one range of the cluster; each is given out once until it is released. */
export class CidrSet {
  private readonly used: Uint8Array
  private next = 0
  private free: number

  /** Throws if the ranges of nodes do not fit into that of the cluster. */
  static of(range: string, nodePrefix: number): CidrSet {
    const cidr = parseCidr(range)
    if (nodePrefix < cidr.prefix) throw new Error(`node ranges of /${nodePrefix} do not fit into ${range}`)
    if (nodePrefix > (cidr.family === 6 ? 128 : 32)) throw new Error(`/${nodePrefix} is no prefix length of ${range}`)
    if (nodePrefix - cidr.prefix > mostBits) throw new Error(`there are more than ${2 ** mostBits} ranges of /${nodePrefix} in ${range}`)
    return new CidrSet(cidr, nodePrefix)
  }

  private constructor(
    readonly range: Cidr,
    private readonly nodePrefix: number,
  ) {
    this.used = new Uint8Array(subnetCount(range, nodePrefix))
    this.free = this.used.length
  }

  /** A range nobody has, in turn; undefined when there is none. */
  allocate(): string | undefined {
    if (this.free === 0) return undefined
    for (let step = 0; step < this.used.length; step++) {
      const index = (this.next + step) % this.used.length
      if (this.used[index]) continue
      this.next = (index + 1) % this.used.length
      this.used[index] = 1
      this.free--
      return formatCidr(subnetAt(this.range, this.nodePrefix, index))
    }
    return undefined
  }

  /** Marks a range as taken, all of it that lies in this set. */
  occupy(cidr: string): void {
    this.mark(cidr, 1)
  }

  release(cidr: string): void {
    this.mark(cidr, 0)
  }

  /** Whether a range lies in this set, in part at least. */
  touches(cidr: string): boolean {
    return subnetsTouching(this.range, this.nodePrefix, parseCidr(cidr)) !== undefined
  }

  private mark(cidr: string, value: 0 | 1): void {
    const touched = subnetsTouching(this.range, this.nodePrefix, parseCidr(cidr))
    if (!touched) return
    for (let index = touched.first; index <= touched.last; index++) {
      if (this.used[index] === value) continue
      this.used[index] = value
      this.free += value === 1 ? -1 : 1
    }
  }
}
