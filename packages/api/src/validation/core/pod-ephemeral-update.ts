import { FieldPath, quote } from '@treeline/machinery'
import type { TypeOf } from '../../declaration/type-of.js'
import { specDifference } from '../difference.js'
import { type Findings, wholeObject } from '../findings.js'
import { sameValue } from '../immutable.js'
import { checkPodAnnotationsUpdate, isMirrorPod } from './pod-annotations.js'

type Pod = TypeOf<'core.v1.Pod'>

const path = FieldPath.root('spec', 'ephemeralContainers')

/** Containers can be added to a running pod, and stay then. */
export function checkEphemeralContainersUpdate(found: Findings, pod: Pod, old: Pod): void {
  checkPodAnnotationsUpdate(found, pod.metadata.annotations, old.metadata.annotations, FieldPath.root('metadata', 'annotations'))
  if (isMirrorPod(old.metadata.annotations)) {
    found.errors.length = 0
    found.forbidden(wholeObject, 'static pods do not support ephemeral containers')
    return
  }
  for (const before of old.spec?.ephemeralContainers ?? []) {
    const after = pod.spec?.ephemeralContainers?.find(({ name }) => name === before.name)
    const named = `existing ephemeral containers ${quote(before.name)}`
    if (!after) found.forbidden(path, `${named} may not be removed\n`)
    else if (!sameValue(after, before)) found.forbidden(path, `${named} may not be changed\n${specDifference(before, after)}`)
  }
}
