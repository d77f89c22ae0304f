import type { AssignedPod } from '../assigned-pod.js'
import type { KubeletHost } from '../kubelet-host.js'
import { referencesOf } from './references.js'

/** Keeps the objects that a pod refers to watched for as long as the pod is here. */
export class PodReferences {
  #namespace = ''
  #configMaps: ReadonlySet<string> = new Set()
  #secrets: ReadonlySet<string> = new Set()

  constructor(
    private readonly host: KubeletHost,
    private readonly user: string,
    private readonly changed: () => void,
  ) {}

  update(pod: AssignedPod): void {
    const { configMaps, secrets } = referencesOf(pod)
    this.#namespace = pod.metadata.namespace
    this.#move(this.host.configMaps, this.#configMaps, configMaps)
    this.#move(this.host.secrets, this.#secrets, secrets)
    this.#configMaps = configMaps
    this.#secrets = secrets
  }

  close(): void {
    this.#move(this.host.configMaps, this.#configMaps, new Set())
    this.#move(this.host.secrets, this.#secrets, new Set())
    this.#configMaps = this.#secrets = new Set()
  }

  #move(objects: KubeletHost['configMaps' | 'secrets'], before: ReadonlySet<string>, after: ReadonlySet<string>): void {
    for (const name of after) if (!before.has(name)) objects.acquire(this.#namespace, name, this.user, this.changed)
    for (const name of before) if (!after.has(name)) objects.release(this.#namespace, name, this.user)
  }
}
