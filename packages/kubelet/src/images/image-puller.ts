import type { Container, Secret } from '@treeline/api'
import type { Clock } from '@treeline/client'
import { CriError, type Image, type Runtime, rpcText } from '@treeline/cri'
import type { AssignedPod } from '../assigned-pod.js'
import type { PodEvents } from '../events.js'
import { goDuration } from '../go-duration.js'
import type { Limit } from '../limit.js'
import { BackOff } from '../runtime/back-off.js'
import type { SandboxConfig } from '../runtime/sandbox-config.js'
import type { ImageUser } from '../runtime/security-context.js'
import { StartError } from '../runtime/start-error.js'
import { withDefaultTag } from './image-name.js'
import { credentialsFor } from './pull-credentials.js'

/** An image that is there, as containers are made from it. */
export interface PresentImage {
  /** Id in the runtime. */
  readonly ref: string
  readonly user: ImageUser
}

export interface ImagePullerOptions {
  readonly runtime: Runtime
  readonly clock: Clock
  readonly events: PodEvents
  /** Pulls at the same time. */
  readonly limit: Limit
  /** Ends with the agent. */
  readonly signal: AbortSignal
  /** The node has a new image. */
  pulled(): void
}

const firstDelay = 10_000
const lastDelay = 300_000
/** How long a status shows the failure itself, before it shows that the next pull has to wait. */
const untilBackOff = 1_000
const pullTimeout = 30 * 60_000

/** Gets images onto a node. Pulls of one image at the same time are one pull. */
export class ImagePuller {
  readonly #backOff = new BackOff(firstDelay, lastDelay)
  readonly #lastFailure = new Map<string, string>()
  readonly #underWay = new Map<string, Promise<void>>()

  constructor(private readonly options: ImagePullerOptions) {}

  /** Throws a StartError with the reason that the container's status shows. */
  async ensure(
    pod: AssignedPod,
    container: Container,
    secrets: readonly Secret[],
    sandboxConfig: SandboxConfig,
    signal: AbortSignal,
  ): Promise<PresentImage> {
    const { events } = this.options
    const requested = container.image ?? ''
    const image = this.#complete(pod, container, requested)
    if (container.imagePullPolicy !== 'Always') {
      const present = await this.#find(pod, container, image, signal)
      if (present !== undefined) {
        events.container(
          pod,
          container,
          'Normal',
          'Pulled',
          `Container image "${requested}" already present on machine and can be accessed by the pod`,
        )
        return present
      }
      if (container.imagePullPolicy === 'Never') {
        const message = `Container image "${requested}" is not present with pull policy of Never`
        events.container(pod, container, 'Warning', 'ErrImageNeverPull', message)
        throw new StartError('ErrImageNeverPull', message, this.options.clock.now() + firstDelay)
      }
    }
    return this.#pull(pod, container, requested, image, secrets, sandboxConfig, signal)
  }

  forget(uid: string): void {
    this.#backOff.forget(`${uid}_`)
    for (const key of this.#lastFailure.keys()) if (key.startsWith(`${uid}_`)) this.#lastFailure.delete(key)
  }

  #complete(pod: AssignedPod, container: Container, requested: string): string {
    try {
      return withDefaultTag(requested)
    } catch (error) {
      const message = `Failed to apply default image tag "${requested}": ${error instanceof Error ? error.message : error}`
      this.options.events.container(pod, container, 'Warning', 'InspectFailed', message)
      throw new StartError('InvalidImageName', message, this.options.clock.now() + firstDelay)
    }
  }

  async #find(pod: AssignedPod, container: Container, image: string, signal: AbortSignal): Promise<PresentImage | undefined> {
    try {
      const answer = await this.options.runtime.imageStatus({ image: { image } }, { signal })
      return answer.image === undefined ? undefined : presentImage(answer.image)
    } catch (error) {
      if (signal.aborted) throw error
      const message = `Failed to inspect image "${image}": ${rpcText(error)}`
      this.options.events.container(pod, container, 'Warning', 'InspectFailed', message)
      throw new StartError('ImageInspectError', message, this.options.clock.now() + firstDelay)
    }
  }

  async #pull(
    pod: AssignedPod,
    container: Container,
    requested: string,
    image: string,
    secrets: readonly Secret[],
    sandboxConfig: SandboxConfig,
    signal: AbortSignal,
  ): Promise<PresentImage> {
    const { events, clock, limit, runtime } = this.options
    const key = `${pod.metadata.uid}_${requested}`
    const blocked = this.#backOff.blockedSinceRaise(key, clock.now())
    if (blocked !== undefined) {
      const message = `Back-off pulling image "${requested}"`
      events.container(pod, container, 'Normal', 'BackOff', message)
      const last = this.#lastFailure.get(key)
      throw new StartError('ImagePullBackOff', last === undefined ? message : `${message}: ${last}`, blocked)
    }
    events.container(pod, container, 'Normal', 'Pulling', `Pulling image "${requested}"`)
    const asked = clock.now()
    let begun = asked
    try {
      await this.#shared(`${image} ${secrets.map(({ metadata }) => metadata.uid).join()}`, () =>
        limit.run(() => {
          begun = clock.now()
          return this.#pullWith(image, secrets, sandboxConfig)
        }),
      )
    } catch (error) {
      if (signal.aborted) throw error
      events.container(pod, container, 'Warning', 'Failed', `Failed to pull image "${requested}": ${rpcText(error)}`)
      this.#backOff.raise(key, clock.now())
      const failure = pullFailure(requested, error, clock.now() + untilBackOff)
      this.#lastFailure.set(key, `${failure.reason}: ${failure.message}`)
      throw failure
    }
    const { image: pulled } = await runtime.imageStatus({ image: { image } }, { signal })
    if (pulled === undefined)
      throw new StartError('ErrImagePull', `image "${requested}" is not there after it was pulled`, clock.now() + firstDelay)
    this.options.pulled()
    const now = clock.now()
    events.container(
      pod,
      container,
      'Normal',
      'Pulled',
      `Successfully pulled image "${requested}" in ${goDuration(now - begun)} (${goDuration(now - asked)} including waiting). Image size: ${pulled.size} bytes.`,
    )
    return presentImage(pulled)
  }

  async #shared(key: string, pull: () => Promise<void>): Promise<void> {
    let running = this.#underWay.get(key)
    if (running === undefined) {
      running = pull().finally(() => this.#underWay.delete(key))
      this.#underWay.set(key, running)
    }
    await running
  }

  /** Goes on when the pod that asked first is gone: others may wait for the same image. */
  async #pullWith(image: string, secrets: readonly Secret[], sandboxConfig: SandboxConfig): Promise<void> {
    const { signal } = this.options
    const tries = credentialsFor(image, secrets)
    let failure: unknown
    for (const auth of tries.length > 0 ? tries : [undefined]) {
      try {
        await this.options.runtime.pullImage({ image: { image }, sandboxConfig, ...(auth && { auth }) }, { signal, timeout: pullTimeout })
        return
      } catch (error) {
        failure = error
      }
    }
    throw failure
  }
}

/** Prefixes by which runtimes tell special failures. */
const prefixes: Readonly<Record<string, string>> = {
  RegistryUnavailable: 'the registry is unavailable',
  SignatureValidationFailed: 'the signature validation failed',
}

function pullFailure(image: string, error: unknown, retryAt: number): StartError {
  const bare = error instanceof CriError ? error.message : String(error)
  for (const [reason, text] of Object.entries(prefixes)) {
    if (bare.startsWith(reason))
      return new StartError(reason, `image pull failed for ${image} because ${text}${bare.slice(reason.length)}`, retryAt)
  }
  return new StartError('ErrImagePull', rpcText(error), retryAt)
}

function presentImage({ id, uid, username }: Image): PresentImage {
  return { ref: id, user: { uid: uid === undefined ? undefined : Number(uid.value), name: username } }
}
