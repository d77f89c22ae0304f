import type { FieldPath } from '@treeline/machinery'
import { quote } from '@treeline/machinery'
import type { TypeOf } from '../../declaration/type-of.js'
import type { Findings } from '../findings.js'
import { checkDescendingPath } from './file-paths.js'
import { visitContainers } from './visit-containers.js'

type PodSpec = TypeOf<'core.v1.PodSpec'>
type Annotations = Readonly<Record<string, string>>

/** Annotations of a pod that mean something to the cluster. */

const mirror = 'kubernetes.io/config.mirror'
const deletionCost = 'controller.kubernetes.io/pod-deletion-cost'
const seccompOfPod = 'seccomp.security.alpha.kubernetes.io/pod'
const seccompOfContainer = 'container.seccomp.security.alpha.kubernetes.io/'
const appArmorOfContainer = 'container.apparmor.security.beta.kubernetes.io/'
const localhost = 'localhost/'
const runtimeDefault = 'runtime/default'
const dockerDefault = 'docker/default'
const unconfined = 'unconfined'

export const isMirrorPod = (annotations: Annotations | undefined): boolean => annotations?.[mirror] !== undefined

/** `anyDeletionCost` where the stored pod has a wrong one already. */
export function checkPodAnnotations(
  found: Findings,
  annotations: Annotations | undefined,
  spec: PodSpec,
  path: FieldPath,
  anyDeletionCost = false,
): void {
  if (!annotations) return
  if (isMirrorPod(annotations) && !spec.nodeName) {
    found.invalid(path.key(mirror), annotations[mirror], 'must set spec.nodeName if mirror pod annotation is set')
  }
  if (!anyDeletionCost && !hasValidDeletionCost(annotations)) {
    found.invalid(path.key(deletionCost), annotations[deletionCost], 'must be a 32bit integer')
  }
  const profile = annotations[seccompOfPod]
  if (profile !== undefined) checkSeccomp(found, profile, path.child(seccompOfPod))
  for (const [key, value] of Object.entries(annotations))
    if (key.startsWith(seccompOfContainer)) checkSeccomp(found, value, path.child(key))
  for (const [key, value] of Object.entries(annotations)) {
    if (key.startsWith(appArmorOfContainer)) checkAppArmor(found, key, value, spec, path)
  }
}

/** A cost of deletion is an int32 without leading zeros or plus. */
export function hasValidDeletionCost(annotations: Annotations | undefined): boolean {
  const value = annotations?.[deletionCost]
  if (value === undefined) return true
  return (value === '0' || /^-?[1-9]\d*$/.test(value)) && Math.abs(Number(value)) <= 2 ** 31 && Number(value) < 2 ** 31
}

function checkSeccomp(found: Findings, profile: string, path: FieldPath): void {
  if (profile === runtimeDefault || profile === dockerDefault || profile === unconfined) return
  if (profile.startsWith(localhost)) checkDescendingPath(found, profile.slice(localhost.length), path)
  else found.invalid(path, profile, 'must be a valid seccomp profile')
}

function checkAppArmor(found: Findings, key: string, profile: string, spec: PodSpec, path: FieldPath): void {
  const name = key.slice(appArmorOfContainer.length)
  let known = false
  visitContainers(spec, path, (container) => {
    known ||= container.name === name
  })
  if (!known) found.invalid(path.key(key), name, 'container not found')
  if (profile !== '' && profile !== runtimeDefault && profile !== unconfined && !profile.startsWith(localhost)) {
    found.invalid(path.key(key), profile, `invalid AppArmor profile name: ${quote(profile)}`)
  }
}

/** Mirror pods stay mirror pods, and profiles of AppArmor are chosen when the pod is made. */
export function checkPodAnnotationsUpdate(found: Findings, annotations: Annotations = {}, old: Annotations = {}, path: FieldPath): void {
  for (const [key, value] of Object.entries(old)) {
    if (annotations[key] === value) continue
    if (key.startsWith(appArmorOfContainer)) found.forbidden(path.key(key), 'may not remove or update AppArmor annotations')
    if (key === mirror) found.forbidden(path.key(key), 'may not remove or update mirror pod annotation')
  }
  for (const key of Object.keys(annotations)) {
    if (old[key] !== undefined) continue
    if (key.startsWith(appArmorOfContainer)) found.forbidden(path.key(key), 'may not add AppArmor annotations')
    if (key === mirror) found.forbidden(path.key(key), 'may not add mirror pod annotation')
  }
}

interface Profile {
  readonly type?: string
  readonly localhostProfile?: string
}

/** Profiles stand in fields and, from older clients, in annotations: both must agree. */
export function checkProfilesMatch(found: Findings, annotations: Annotations = {}, spec: PodSpec, path: FieldPath): void {
  const ofPod = spec.securityContext
  checkMatch(found, 'seccomp', annotations[seccompOfPod], ofPod?.seccompProfile, path.child('securityContext', 'seccompProfile'))
  visitContainers(spec, path, ({ name, securityContext }, at) => {
    const profile = securityContext?.seccompProfile
    checkMatch(found, 'seccomp', annotations[seccompOfContainer + name], profile, at.child('securityContext', 'seccompProfile'))
  })
  if (spec.os?.name === 'windows') return
  visitContainers(spec, path, ({ name, securityContext }, at) => {
    const profile = securityContext?.appArmorProfile ?? ofPod?.appArmorProfile
    checkMatch(found, 'apparmor', annotations[appArmorOfContainer + name], profile, at.child('securityContext', 'appArmorProfile'))
  })
}

function checkMatch(
  found: Findings,
  what: 'seccomp' | 'apparmor',
  annotation: string | undefined,
  profile: Profile | undefined,
  path: FieldPath,
): void {
  if (annotation === undefined || !profile) return
  const types: Readonly<Record<string, boolean>> = {
    Unconfined: annotation === unconfined,
    RuntimeDefault: annotation === runtimeDefault || (what === 'seccomp' && annotation === dockerDefault),
    Localhost: annotation.startsWith(localhost),
  }
  if (types[profile.type ?? ''] === false) found.forbidden(path.child('type'), `${what} type in annotation and field must match`)
  else if (profile.type === 'Localhost' && annotation.slice(localhost.length) !== profile.localhostProfile) {
    found.forbidden(path.child('localhostProfile'), `${what} profile in annotation and field must match`)
  }
}
