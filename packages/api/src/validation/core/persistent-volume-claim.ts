import { FieldPath, Quantity, validateQualifiedName } from '@treeline/machinery'
import type { TypeOf } from '../../declaration/type-of.js'
import type { Validation } from '../../declaration/validations.js'
import { specDifference } from '../difference.js'
import { type Findings, findingsOf } from '../findings.js'
import { checkImmutable, sameValue } from '../immutable.js'
import { checkBasicAmount, checkResourceAmount, compareAmounts } from '../quantities.js'
import { isNativeResource } from '../resource-names.js'
import { checkClaimSpec, claimRulesFor } from './persistent-volume-claim-spec.js'

type Claim = TypeOf<'core.v1.PersistentVolumeClaim'>
type ClaimSpec = TypeOf<'core.v1.PersistentVolumeClaimSpec'>

const spec = FieldPath.root('spec')
const status = FieldPath.root('status')
const oldClassAnnotation = 'volume.beta.kubernetes.io/storage-class'

export const persistentVolumeClaimValidation: Validation<Claim> = {
  validate: (claim) => findingsOf((found) => checkClaimSpec(found, claim.spec ?? {}, spec)),
  validateUpdate: (claim, old) =>
    findingsOf((found) => {
      checkClaimSpec(found, claim.spec ?? {}, spec, claimRulesFor(old.spec))
      checkChange(found, claim, old)
    }),
  validateStatusUpdate: (claim) => findingsOf((found) => checkStatus(found, claim)),
}

/** A claim stays what it is; once bound, it may grow and change its class of attributes. */
function checkChange(found: Findings, claim: Claim, old: Claim): void {
  const newSpec = claim.spec ?? {}
  const oldSpec = old.spec ?? {}
  const annotations = claim.metadata.annotations ?? {}
  const oldAnnotations = old.metadata.annotations ?? {}
  const compared: ClaimSpec = { ...newSpec }
  const reference: ClaimSpec = { ...oldSpec }
  if (!oldSpec.volumeName) reference.volumeName = newSpec.volumeName
  const oldClass = oldAnnotations[oldClassAnnotation]
  if (movesClassToField(oldClass, annotations[oldClassAnnotation], oldSpec, newSpec)) delete compared.storageClassName
  else {
    checkImmutableAnnotation(found, annotations[oldClassAnnotation], oldClass)
    if (setsClassOnce(oldClass, oldSpec, newSpec)) compared.storageClassName = oldSpec.storageClassName
  }
  if (claim.status?.phase === 'Bound') {
    if (newSpec.resources?.requests) {
      compared.resources = { ...newSpec.resources, requests: { ...newSpec.resources.requests, ...storageOf(oldSpec) } }
    }
    compared.volumeAttributesClassName = oldSpec.volumeAttributesClassName
  }
  if (!sameValue(compared, reference)) {
    found.forbidden(
      spec,
      `spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims\n${specDifference(reference, compared)}`,
    )
  }
  checkSize(found, newSpec, oldSpec, old)
  checkImmutable(found, newSpec.volumeMode, oldSpec.volumeMode, FieldPath.root('volumeMode'))
  checkAttributesClass(found, newSpec, oldSpec, old)
}

function storageOf({ resources }: ClaimSpec): Record<string, string> {
  const storage = resources?.requests?.['storage']
  return storage === undefined ? {} : { storage }
}

function movesClassToField(oldClass: string | undefined, newClass: string | undefined, oldSpec: ClaimSpec, newSpec: ClaimSpec): boolean {
  return (
    oldClass !== undefined &&
    oldSpec.storageClassName === undefined &&
    newSpec.storageClassName === oldClass &&
    (newClass === undefined || newClass === oldClass)
  )
}

function setsClassOnce(oldClass: string | undefined, oldSpec: ClaimSpec, newSpec: ClaimSpec): boolean {
  const name = newSpec.storageClassName
  return name !== undefined && oldSpec.storageClassName === undefined && (oldClass === undefined || oldClass === name)
}

function checkImmutableAnnotation(found: Findings, value = '', old = ''): void {
  if (value !== old) found.invalid(FieldPath.root('metadata', 'annotations', oldClassAnnotation), value, 'field is immutable')
}

/** A claim may shrink only to take back a growth that did not happen. */
function checkSize(found: Findings, { resources }: ClaimSpec, oldSpec: ClaimSpec, old: Claim): void {
  const size = resources?.requests?.['storage'] ?? '0'
  if (compareAmounts(size, oldSpec.resources?.requests?.['storage'] ?? '0') >= 0) return
  if (Quantity.parse(size).cmp(Quantity.parse(old.status?.capacity?.['storage'] ?? '0')) <= 0) {
    found.forbidden(spec.child('resources', 'requests', 'storage'), 'field can not be less than status.capacity')
  }
}

function checkAttributesClass(found: Findings, newSpec: ClaimSpec, oldSpec: ClaimSpec, old: Claim): void {
  const name = newSpec.volumeAttributesClassName
  if (name === oldSpec.volumeAttributesClassName || old.status?.currentVolumeAttributesClassName === undefined || name) return
  const what = name === undefined ? 'nil' : 'empty string'
  found.forbidden(
    spec.child('volumeAttributesClassName'),
    `update to ${what} is forbidden when status.currentVolumeAttributesClassName is not nil`,
  )
}

const resizeStatuses = [
  'ControllerResizeInProgress',
  'ControllerResizeInfeasible',
  'NodeResizeInProgress',
  'NodeResizeInfeasible',
  'NodeResizePending',
].sort()

function checkStatus(found: Findings, claim: Claim): void {
  const { capacity = {}, allocatedResourceStatuses = {}, allocatedResources = {} } = claim.status ?? {}
  if (!claim.spec?.accessModes?.length) found.required(FieldPath.root('Spec', 'accessModes'))
  for (const [name, amount] of Object.entries(capacity)) checkBasicAmount(found, amount, status.child('capacity').key(name))
  for (const [name, state] of Object.entries(allocatedResourceStatuses)) {
    const at = status.child('allocatedResourceStatuses')
    checkResourceKey(found, name, at)
    if (!resizeStatuses.includes(state)) found.notSupported(at, name, resizeStatuses)
  }
  for (const [name, amount] of Object.entries(allocatedResources)) {
    const at = status.child('allocatedResources')
    const before = found.count
    checkResourceKey(found, name, at)
    if (found.count === before) checkBasicAmount(found, amount, at.key(name))
    if (found.count === before) checkResourceAmount(found, 'storage', amount, at.key(name))
  }
}

function checkResourceKey(found: Findings, name: string, path: FieldPath): void {
  const problems = validateQualifiedName(name)
  if (problems.length > 0) found.each(path, name, problems)
  else if (isNativeResource(name) && name !== 'storage') found.notSupported(path, name, ['storage'])
}
