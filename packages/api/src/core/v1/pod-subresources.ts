import { restoreMetadata, restoreStatus } from '../../declaration/status-rules.js'
import type { TypeOf } from '../../declaration/type-of.js'
import type { SubresourceStrategy } from '../../kind.js'

type Pod = TypeOf<'core.v1.Pod'>
type Container = TypeOf<'core.v1.Container'>

/** Updates of a pod beside the main resource and `status`. Both count as changes of the spec. */
export const podSubresources: Readonly<Record<string, SubresourceStrategy<Pod>>> = {
  ephemeralcontainers: {
    prepareForUpdate(pod, old) {
      const ephemeralContainers = pod.spec?.ephemeralContainers
      pod.spec = { ...old.spec, containers: old.spec?.containers ?? [], ...(ephemeralContainers && { ephemeralContainers }) }
      if (!ephemeralContainers) delete pod.spec.ephemeralContainers
      restoreStatus(pod, old)
      restoreMetadata(pod, old)
    },
  },
  resize: {
    prepareForUpdate(pod, old) {
      const containers = resized(pod.spec?.containers, old.spec?.containers)
      const initContainers = resized(pod.spec?.initContainers, old.spec?.initContainers)
      // Containers that came, went or moved are left for validation to name.
      if (!containers || !initContainers) return
      pod.spec = { ...old.spec, containers, ...(old.spec?.initContainers && { initContainers }) }
      restoreStatus(pod, old)
      restoreMetadata(pod, old)
    },
  },
}

/** The old containers with the new resources, or `undefined` when they are not the same containers. */
function resized(containers: readonly Container[] = [], old: readonly Container[] = []): Container[] | undefined {
  if (containers.length !== old.length) return undefined
  const result: Container[] = []
  for (const [index, before] of old.entries()) {
    const after = containers[index]
    if (after?.name !== before.name) return undefined
    const { resources: _resources, resizePolicy: _resizePolicy, ...rest } = before
    result.push({
      ...rest,
      ...(after.resources && { resources: after.resources }),
      ...(after.resizePolicy && { resizePolicy: after.resizePolicy }),
    })
  }
  return result
}
