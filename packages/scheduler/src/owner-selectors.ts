import { ReplicaSet, ReplicationController, Service, StatefulSet } from '@treeline/api'
import type { Cache, Informers } from '@treeline/client'
import { type LabelSelector, labelSelectorFrom } from '@treeline/machinery'
import type { PodInfo } from './pods/pod-info.js'

const ownerKinds = [Service, ReplicaSet, ReplicationController, StatefulSet]

/** Starts the informers that `owningSelectors` reads. */
export function watchOwners(informers: Informers): void {
  for (const kind of ownerKinds) informers.informer(kind as typeof Service)
}

/** Selectors of the Services that select a pod, and of the workload that owns it. */
export function owningSelectors(cache: Cache, { pod, namespace, labels }: PodInfo): LabelSelector[] {
  const selectors: LabelSelector[] = []
  for (const service of cache.list(Service, namespace)) {
    const selector = service.spec?.selector
    if (!selector || Object.keys(selector).length === 0) continue
    if (Object.entries(selector).every(([key, value]) => labels[key] === value))
      selectors.push(labelSelectorFrom({ matchLabels: selector }))
  }
  const owner = pod.metadata.ownerReferences?.find((reference) => reference.controller)
  const key = `${namespace}/${owner?.name}`
  if (owner?.kind === 'ReplicationController') {
    const selector = cache.get(ReplicationController, key)?.spec?.selector
    if (selector) selectors.push(labelSelectorFrom({ matchLabels: selector }))
  } else if (owner?.kind === 'ReplicaSet' || owner?.kind === 'StatefulSet') {
    const selector = (owner.kind === 'ReplicaSet' ? cache.get(ReplicaSet, key) : cache.get(StatefulSet, key))?.spec?.selector
    if (selector) selectors.push(labelSelectorFrom(selector))
  }
  return selectors
}
