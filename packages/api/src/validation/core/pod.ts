import { FieldPath } from '@treeline/machinery'
import type { TypeOf } from '../../declaration/type-of.js'
import type { Validation } from '../../declaration/validations.js'
import { type Findings, findingsOf, forEachItem } from '../findings.js'
import { checkImagePadding } from './container.js'
import { checkPodAnnotations, checkProfilesMatch, hasValidDeletionCost } from './pod-annotations.js'
import { checkEphemeralContainersUpdate } from './pod-ephemeral-update.js'
import { checkPodResize } from './pod-resize.js'
import { type PodRules, podRulesFor, strictPodRules } from './pod-rules.js'
import { checkPodSpec } from './pod-spec.js'
import { checkPodStatusUpdate } from './pod-status-update.js'
import { checkPodChange } from './pod-update.js'

type Pod = TypeOf<'core.v1.Pod'>

const spec = FieldPath.root('spec')
const annotations = FieldPath.root('metadata', 'annotations')

export const podValidation: Validation<Pod> = {
  validate: (pod) =>
    findingsOf((found) => {
      checkPod(found, pod, strictPodRules, false)
      if (pod.spec?.ephemeralContainers?.length) found.forbidden(spec.child('ephemeralContainers'), 'cannot be set on create')
      if (pod.spec?.nodeName && pod.spec.schedulingGates?.length) {
        found.forbidden(spec.child('nodeName'), 'cannot be set until all schedulingGates have been cleared')
      }
      if (pod.spec) checkProfilesMatch(found, pod.metadata.annotations, pod.spec, spec)
    }),
  validateUpdate: (pod, old) =>
    findingsOf((found) => {
      checkPodUpdated(found, pod, old)
      checkPodChange(found, pod, old)
    }),
  validateStatusUpdate: (pod, old) => findingsOf((found) => checkPodStatusUpdate(found, pod, old)),
  subresources: {
    ephemeralcontainers: (pod, old) =>
      findingsOf((found) => {
        checkPodUpdated(found, pod, old)
        checkEphemeralContainersUpdate(found, pod, old)
      }),
    resize: (pod, old) =>
      findingsOf((found) => {
        checkPodUpdated(found, pod, old)
        checkPodResize(found, pod, old)
      }),
  },
}

function checkPodUpdated(found: Findings, pod: Pod, old: Pod): void {
  checkPod(found, pod, podRulesFor(old.spec), !hasValidDeletionCost(old.metadata.annotations))
}

/** What holds of a pod at any time. */
function checkPod(found: Findings, pod: Pod, rules: PodRules, anyDeletionCost: boolean): void {
  const podSpec = pod.spec ?? { containers: [] }
  checkPodAnnotations(found, pod.metadata.annotations, podSpec, annotations, anyDeletionCost)
  checkPodSpec(found, podSpec, spec, pod.metadata, rules)
  if (!podSpec.serviceAccountName) checkNoTokens(found, podSpec)
  for (const name of ['containers', 'initContainers'] as const) {
    forEachItem(podSpec[name], spec.child(name), (container, at) => checkImagePadding(found, container, at))
  }
}

/** Without a service account there are no tokens of it. */
function checkNoTokens(found: Findings, { volumes }: TypeOf<'core.v1.PodSpec'>): void {
  forEachItem(volumes, spec.child('volumes'), ({ projected }, at) => {
    forEachItem(projected?.sources, at.child('projected', 'sources'), ({ serviceAccountToken }, here) => {
      if (serviceAccountToken) {
        found.forbidden(here.child('serviceAccountToken'), 'must not be specified when serviceAccountName is not set')
      }
    })
  })
}
