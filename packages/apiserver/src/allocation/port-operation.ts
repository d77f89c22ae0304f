import { errors, type StatusError } from '@treeline/machinery'
import type { NodePorts } from './node-ports.js'

/** Taking and giving back ports for one write of a Service: what was taken goes back when the write does not come to be. */
export class PortOperation {
  private readonly taken: number[] = []
  private readonly leaving: number[] = []

  constructor(
    private readonly ports: NodePorts,
    private readonly dryRun: boolean,
  ) {}

  /** Undefined when the port was taken, else why not. */
  take(port: number): string | undefined {
    const { first, last } = this.ports.range
    if (!this.ports.contains(port)) return `provided port is not in the valid range. The range of valid ports is ${first}-${last}`
    if (this.ports.has(port) || this.taken.includes(port)) return 'provided port is already allocated'
    this.taken.push(port)
    if (!this.dryRun) this.ports.take(port)
    return undefined
  }

  /** Any free port. Throws StatusError 500 when there is none. */
  takeAny(what: string): number {
    if (this.dryRun) {
      const port = this.ports.placeholder(this.taken)
      this.taken.push(port)
      return port
    }
    const port = this.ports.free()
    if (port === undefined) throw noPort(what)
    this.taken.push(port)
    this.ports.take(port)
    return port
  }

  /** The port is free once the write is done. */
  leave(port: number): void {
    this.leaving.push(port)
  }

  finish(written: boolean): void {
    if (this.dryRun) return
    for (const port of written ? this.leaving : this.taken) this.ports.release(port)
  }
}

const noPort = (what: string): StatusError => errors.internal(`failed to allocate ${what}: range is full`)
