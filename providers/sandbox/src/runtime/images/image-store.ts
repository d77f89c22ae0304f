import { createHash } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import { CriError, criCodes } from '@treeline/cri'
import { formatImageReference, type ImageReference, parseImageReference } from './reference.js'

/** An image as a node holds it. Its content does not exist; what is derived from its name is stable. */
export interface SimulatedImage {
  /** `sha256:…` of the configuration. */
  readonly id: string
  readonly repoTags: readonly string[]
  readonly repoDigests: readonly string[]
  /** Bytes. */
  readonly size: number
  readonly baseName: string
}

export interface ImagePulls {
  /** Milliseconds a pull takes. */
  readonly pullDelay: number
  /** Why a pull of this completed name fails; undefined when it succeeds. */
  refuse(name: string): string | undefined
}

/** The images of one node. */
export class ImageStore {
  readonly #images = new Map<string, SimulatedImage>()

  constructor(readonly pulls: ImagePulls) {}

  list(): SimulatedImage[] {
    return [...new Set(this.#images.values())]
  }

  /** By name or by id. Throws on a badly formed name. */
  find(nameOrId: string): SimulatedImage | undefined {
    if (/^sha256:[0-9a-f]{64}$/.test(nameOrId)) return this.list().find((image) => image.id === nameOrId)
    return this.#images.get(formatImageReference(parse(nameOrId)))
  }

  /** Resolves with the image after the delay. Rejects as a registry would. */
  async pull(name: string, signal: AbortSignal): Promise<SimulatedImage> {
    const reference = parse(name)
    const full = formatImageReference(reference)
    if (this.pulls.pullDelay > 0) await delay(this.pulls.pullDelay, undefined, { signal })
    const refusal = this.pulls.refuse(full)
    if (refusal !== undefined) throw new CriError(criCodes.UNKNOWN, refusal)
    const image = imageOf(reference, full)
    this.#images.set(full, image)
    return image
  }

  remove(nameOrId: string): void {
    const image = this.find(nameOrId)
    for (const [name, held] of this.#images) if (held === image) this.#images.delete(name)
  }
}

function parse(name: string): ImageReference {
  const reference = parseImageReference(name)
  if (reference === undefined)
    throw new CriError(criCodes.INVALID_ARGUMENT, `failed to parse image reference ${JSON.stringify(name)}: invalid reference format`)
  return reference
}

const known = new Map<string, SimulatedImage>()
const knownLimit = 10_000

function imageOf(reference: ImageReference, full: string): SimulatedImage {
  const held = known.get(full)
  if (held !== undefined) return held
  const hash = createHash('sha256').update(full).digest('hex')
  const image: SimulatedImage = {
    id: `sha256:${hash}`,
    repoTags: reference.tag === undefined ? [] : [`${reference.repository}:${reference.tag}`],
    repoDigests: [
      `${reference.repository}@${reference.digest ?? `sha256:${createHash('sha256').update(`manifest ${full}`).digest('hex')}`}`,
    ],
    size: 1_000_000 + (Number.parseInt(hash.slice(0, 8), 16) % 200_000_000),
    baseName: reference.baseName,
  }
  if (known.size < knownLimit) known.set(full, image)
  return image
}
