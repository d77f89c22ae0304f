import { PersistentVolumeClaim, Pod, StatefulSet } from '@treeline/api'
import type { ReconcileContext } from '@treeline/client'
import { deepEqual, isAlreadyExists, type OwnerReference } from '@treeline/machinery'
import { controllerReference, refersTo } from '../ownership/controller-ref.js'
import { messageOf } from '../pods/pod-control.js'
import { claimName, isInRange, ordinalOf } from './ordinals.js'

/** The claims a pod of the set should have, made from the templates. */
function claimsOf(set: StatefulSet, pod: Pod): PersistentVolumeClaim[] {
  return (set.spec?.volumeClaimTemplates ?? []).map((template) => ({
    ...template,
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: {
      ...template.metadata,
      name: claimName(set, template.metadata.name ?? '', ordinalOf(pod)),
      namespace: set.metadata.namespace,
      labels: { ...template.metadata.labels, ...set.spec?.selector.matchLabels },
    },
  }))
}

/** Creates the claims that are missing. Throws if one is being deleted: its pod has to wait. */
export async function createClaims({ cache, client, events, signal }: ReconcileContext, set: StatefulSet, pod: Pod): Promise<void> {
  const problems: string[] = []
  for (const claim of claimsOf(set, pod)) {
    const { name } = claim.metadata
    const existing = cache.get(PersistentVolumeClaim, `${claim.metadata.namespace}/${name}`)
    if (existing?.metadata.deletionTimestamp) problems.push(`pvc ${name} is being deleted`)
    if (existing) continue
    const about = `Pod ${pod.metadata.name} in StatefulSet ${set.metadata.name}`
    try {
      await client.create(PersistentVolumeClaim, claim, { signal })
      events.event(set, 'Normal', 'SuccessfulCreate', `Create Claim ${name} ${about} success`)
    } catch (error) {
      if (isAlreadyExists(error)) continue
      problems.push(`failed to create PVC ${name}: ${messageOf(error)}`)
      events.event(set, 'Warning', 'FailedCreate', `Create Claim ${name} for ${about} failed error: ${messageOf(error)}`)
    }
  }
  if (problems.length > 0) throw new Error(problems.join(', '))
}

/** A claim still held by a former pod of the same name, which is about to take it with it. */
export function hasStaleClaim({ cache }: ReconcileContext, set: StatefulSet, pod: Pod): boolean {
  if ((set.spec?.persistentVolumeClaimRetentionPolicy?.whenScaled ?? 'Retain') === 'Retain') return false
  return claimsOf(set, pod).some(({ metadata }) => {
    const claim = cache.get(PersistentVolumeClaim, `${metadata.namespace}/${metadata.name}`)
    return claim?.metadata.ownerReferences?.some(
      (reference) => refersTo(reference, Pod) && reference.name === pod.metadata.name && reference.uid !== pod.metadata.uid,
    )
  })
}

/** Makes the claims of a pod belong to whom the retention policy says; true if it had to change one. */
export async function ownClaims({ cache, client, events, signal }: ReconcileContext, set: StatefulSet, pod: Pod): Promise<boolean> {
  let changed = false
  for (const { metadata } of claimsOf(set, pod)) {
    const claim = cache.get(PersistentVolumeClaim, `${metadata.namespace}/${metadata.name}`)
    if (!claim) continue
    const wanted = ownersFor(claim, set, pod)
    if (deepEqual(wanted, claim.metadata.ownerReferences ?? [])) continue
    if (hasForeignController(claim, set, pod)) {
      const message = `PersistentVolumeClaim ${metadata.name} has a conflicting OwnerReference that acts as a manging controller, the retention policy is ignored for this claim`
      events.event(set, 'Warning', 'ConflictingController', message)
    }
    await client.update(PersistentVolumeClaim, { ...claim, metadata: { ...claim.metadata, ownerReferences: wanted } }, { signal })
    changed = true
  }
  return changed
}

/** The owners of a claim by the retention policy: the set, the pod that is to go, or nobody of the two. */
function ownersFor(claim: PersistentVolumeClaim, set: StatefulSet, pod: Pod): OwnerReference[] {
  const known = claim.metadata.ownerReferences ?? []
  const others = known.filter((reference) => !isSet(reference, set) && !isPod(reference, pod))
  const { whenDeleted = 'Retain', whenScaled = 'Retain' } = set.spec?.persistentVolumeClaimRetentionPolicy ?? {}
  if (hasForeignController(claim, set, pod)) return others
  const condemned = !isInRange(set, ordinalOf(pod))
  const owner =
    condemned && whenScaled === 'Delete'
      ? pod.metadata.uid && controllerReference(Pod, pod)
      : whenDeleted === 'Delete'
        ? controllerReference(StatefulSet, set)
        : undefined
  if (!owner) return others
  const same = known.find((reference) => reference.uid === owner.uid)
  return deepEqual(same, owner) ? known.filter((reference) => others.includes(reference) || reference === same) : [...others, owner]
}

const isSet = (reference: OwnerReference, set: StatefulSet) => refersTo(reference, StatefulSet) && reference.name === set.metadata.name
const isPod = (reference: OwnerReference, pod: Pod) => refersTo(reference, Pod) && reference.name === pod.metadata.name

function hasForeignController(claim: PersistentVolumeClaim, set: StatefulSet, pod: Pod): boolean {
  return (
    claim.metadata.ownerReferences?.some((reference) => reference.controller && !isSet(reference, set) && !isPod(reference, pod)) === true
  )
}
