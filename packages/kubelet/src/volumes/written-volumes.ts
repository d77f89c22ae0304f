import { createHash } from 'node:crypto'
import type { Clock } from '@treeline/client'
import type { Payload } from './atomic-writer.js'

interface Written {
  readonly digest: string
  readonly at: number
}

/**
 * What the volumes of pods were last made to hold. While that is recent, a volume that should hold the same is not read
 * back from disk: most looks at a pod are at its containers.
 */
export class WrittenVolumes {
  readonly #byPod = new Map<string, Map<string, Written>>()

  constructor(
    private readonly clock: Clock,
    /** Milliseconds after which the disk is looked at again. */
    private readonly trusted: number,
  ) {}

  /** Whether the volume was lately made with this digest. */
  holds(uid: string, volume: string, digest: string): boolean {
    const written = this.#byPod.get(uid)?.get(volume)
    return written !== undefined && written.digest === digest && this.clock.now() - written.at < this.trusted
  }

  note(uid: string, volume: string, digest: string): void {
    let volumes = this.#byPod.get(uid)
    if (volumes === undefined) {
      volumes = new Map()
      this.#byPod.set(uid, volumes)
    }
    volumes.set(volume, { digest, at: this.clock.now() })
  }

  forget(uid: string): void {
    this.#byPod.delete(uid)
  }
}

/** Stands for the files of a volume and their modes; empty for a volume that the agent only makes. */
export function digestOf(payload: Payload | undefined): string {
  if (payload === undefined) return ''
  const hash = createHash('sha256')
  for (const [path, { data, mode }] of payload) hash.update(`${path}\0${mode}\0${data.byteLength}\0`).update(data)
  return hash.digest('base64')
}
