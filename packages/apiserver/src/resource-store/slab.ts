/** A stretch of a larger buffer. */
export interface Stretch {
  readonly buffer: Buffer
  readonly start: number
}

/**
 * Hands out memory for byte strings that live about equally long, from few large buffers: a Buffer of its own for each
 * would cost several hundred bytes and a finalizer. A buffer is freed when nothing in it is referred to any more.
 */
export class Slab {
  #buffer = Buffer.alloc(0)
  #used = 0
  #nextSize = smallest

  /** Uninitialised memory of `size` bytes. */
  take(size: number): Stretch {
    if (size > largest / 4) return { buffer: Buffer.allocUnsafeSlow(size), start: 0 }
    if (this.#used + size > this.#buffer.length) {
      this.#buffer = Buffer.allocUnsafeSlow(Math.max(this.#nextSize, size))
      this.#nextSize = Math.min(largest, this.#nextSize * 2)
      this.#used = 0
    }
    const start = this.#used
    this.#used += size
    return { buffer: this.#buffer, start }
  }
}

const smallest = 4 * 1024
const largest = 64 * 1024
