import type { Kind } from '@treeline/api'
import {
  deepEqual,
  type FieldError,
  FieldPath,
  fieldErrors,
  type ManagedFieldsEntry,
  type ObjectMeta,
  type OwnerReference,
  parseGroupVersion,
  quote,
  unprintableCharacters,
  validateAnnotations,
  validateDnsLabel,
  validateLabels,
  validateQualifiedName,
} from '@treeline/machinery'
import { type NameRule, nameRules } from './object-name-rules.js'

const root = FieldPath.root('metadata')

export interface ObjectMetaRules {
  readonly namespaced: boolean
  readonly nameRule: NameRule
  /** Some kinds, and all of custom resources, let finalizers be unqualified. */
  readonly anyFinalizer: boolean
}

/** The rules for metadata of a kind. */
export function objectMetaRules({ scope, custom, strategy }: Pick<Kind<never>, 'scope' | 'custom' | 'strategy'>): ObjectMetaRules {
  return {
    namespaced: scope === 'Namespaced',
    nameRule: nameRules[strategy.nameRule],
    anyFinalizer: custom === true || strategy.metadataValidation?.anyFinalizer === true,
  }
}

/** What holds for the metadata of every kind; a name only has to fit into a path. */
function commonRules(rules: ObjectMetaRules): ObjectMetaRules {
  return { ...rules, nameRule: nameRules['path-segment'], anyFinalizer: true }
}

const usualPasses = ['change'] as const

/** All that is wrong with the metadata of an updated object: what no kind may have, and what its own does not want. */
export function validateUpdatedObjectMeta(
  metadata: ObjectMeta,
  old: ObjectMeta,
  rules: ObjectMetaRules,
  passes: readonly ('change' | 'new')[] = usualPasses,
): FieldError[] {
  const own = passes.flatMap((pass) =>
    pass === 'new'
      ? validateObjectMeta(metadata, rules)
      : [...validateObjectMetaUpdate(metadata, old), ...(rules.anyFinalizer ? [] : validateFinalizerDomains(metadata.finalizers ?? []))],
  )
  return [...validateObjectMeta(metadata, commonRules(rules)), ...validateObjectMetaUpdate(metadata, old), ...own]
}

/** What is wrong with the metadata of an object to be created. */
export function validateObjectMeta(metadata: ObjectMeta, rules: ObjectMetaRules): FieldError[] {
  return [
    ...validateName(metadata, rules.nameRule),
    ...validateNamespace(metadata.namespace ?? '', rules.namespaced),
    ...((metadata.generation ?? 0) < 0
      ? [fieldErrors.invalid(root.child('generation'), metadata.generation, 'must be greater than or equal to 0')]
      : []),
    ...validateLabels(metadata.labels, root.child('labels')),
    ...validateAnnotations(metadata.annotations, root.child('annotations')),
    ...validateOwnerReferences(metadata.ownerReferences ?? []),
    ...validateFinalizers(metadata.finalizers ?? [], rules.anyFinalizer),
    ...validateManagedFields(metadata.managedFields ?? []),
  ]
}

/** What is wrong with a change of metadata, beyond what makes the new one wrong by itself. */
function validateObjectMetaUpdate(metadata: ObjectMeta, old: ObjectMeta): FieldError[] {
  return [
    ...(old.deletionTimestamp ? validateNoNewFinalizers(metadata.finalizers ?? [], old.finalizers ?? []) : []),
    ...(metadata.resourceVersion
      ? []
      : [fieldErrors.invalid(root.child('resourceVersion'), metadata.resourceVersion ?? '', 'must be specified for an update')]),
    ...((metadata.generation ?? 0) < (old.generation ?? 0)
      ? [fieldErrors.invalid(root.child('generation'), metadata.generation ?? 0, 'must not be decremented')]
      : []),
    ...immutableFields.flatMap((field) =>
      deepEqual(metadata[field] ?? null, old[field] ?? null)
        ? []
        : [fieldErrors.invalid(root.child(field), metadata[field] ?? emptyOf(field), 'field is immutable')],
    ),
    ...validateLabels(metadata.labels, root.child('labels')),
    ...validateAnnotations(metadata.annotations, root.child('annotations')),
    ...validateOwnerReferences(metadata.ownerReferences ?? []),
    ...validateManagedFields(metadata.managedFields ?? []),
  ]
}

const immutableFields = ['name', 'namespace', 'uid', 'creationTimestamp', 'deletionTimestamp', 'deletionGracePeriodSeconds'] as const

function emptyOf(field: (typeof immutableFields)[number]): string | null {
  return field === 'name' || field === 'namespace' || field === 'uid' ? '' : null
}

function validateName({ name, generateName }: ObjectMeta, rule: NameRule): FieldError[] {
  const errors = generateName
    ? rule(generateName, true).map((problem) => fieldErrors.invalid(root.child('generateName'), generateName, problem))
    : []
  if (!name) errors.push(fieldErrors.required(root.child('name'), 'name or generateName is required'))
  else errors.push(...rule(name, false).map((problem) => fieldErrors.invalid(root.child('name'), name, problem)))
  return errors
}

function validateNamespace(namespace: string, namespaced: boolean): FieldError[] {
  const path = root.child('namespace')
  if (!namespaced) return namespace === '' ? [] : [fieldErrors.forbidden(path, 'not allowed on this type')]
  if (namespace === '') return [fieldErrors.required(path)]
  return validateDnsLabel(namespace).map((problem) => fieldErrors.invalid(path, namespace, problem))
}

function validateOwnerReferences(references: readonly OwnerReference[]): FieldError[] {
  const path = root.child('ownerReferences')
  const found: FieldError[] = []
  let controller = ''
  for (const reference of references) {
    found.push(...validateOwnerReference(reference, path))
    if (!reference.controller) continue
    const named = `${reference.kind}/${reference.name}`
    if (controller === '') controller = named
    else {
      found.push(
        fieldErrors.invalid(
          path,
          references,
          `Only one reference can have Controller set to true. Found "true" in references for ${controller} and ${named}`,
        ),
      )
    }
  }
  return found
}

function validateOwnerReference(reference: OwnerReference, path: FieldPath): FieldError[] {
  const found: FieldError[] = []
  const { apiVersion = '', kind = '', name = '', uid = '' } = reference
  const parts = apiVersion.split('/')
  const { group, version } = parts.length > 2 ? { group: '', version: '' } : parseGroupVersion(apiVersion)
  if (version === '') found.push(fieldErrors.invalid(path.child('apiVersion'), apiVersion, 'version must not be empty'))
  if (kind === '') found.push(fieldErrors.invalid(path.child('kind'), kind, 'must not be empty'))
  if (name === '') found.push(fieldErrors.invalid(path.child('name'), name, 'must not be empty'))
  if (uid === '') found.push(fieldErrors.invalid(path.child('uid'), uid, 'must not be empty'))
  if (kind === 'Event' && group === '' && version === 'v1') {
    found.push(fieldErrors.invalid(path, reference, '/v1, Kind=Event is disallowed from being an owner'))
  }
  return found
}

const orphan = 'orphan'
const foreground = 'foregroundDeletion'
const standardFinalizers = new Set(['kubernetes', orphan, foreground])

function validateFinalizers(finalizers: readonly string[], anyFinalizer: boolean): FieldError[] {
  const path = root.child('finalizers')
  const found = finalizers.flatMap((finalizer) =>
    validateQualifiedName(finalizer).map((problem) => fieldErrors.invalid(path, finalizer, problem)),
  )
  if (finalizers.includes(orphan) && finalizers.includes(foreground)) {
    found.push(fieldErrors.invalid(path, finalizers, `finalizer ${orphan} and ${foreground} cannot be both set`))
  }
  return anyFinalizer ? found : [...found, ...validateFinalizerDomains(finalizers)]
}

function validateFinalizerDomains(finalizers: readonly string[]): FieldError[] {
  return finalizers.flatMap((finalizer, index) =>
    finalizer.includes('/') || standardFinalizers.has(finalizer)
      ? []
      : [
          fieldErrors.invalid(
            root.child('finalizers').index(index),
            finalizer,
            'name is neither a standard finalizer name nor is it fully qualified',
          ),
        ],
  )
}

function validateNoNewFinalizers(finalizers: readonly string[], old: readonly string[]): FieldError[] {
  const added = finalizers.filter((finalizer) => !old.includes(finalizer))
  if (added.length === 0) return []
  const listed = `[]string{${added.map(quote).join(', ')}}`
  return [
    fieldErrors.forbidden(
      root.child('finalizers'),
      `no new finalizers can be added if the object is being deleted, found new finalizers ${listed}`,
    ),
  ]
}

const fieldManagerMaxLength = 128
const subresourceMaxLength = 256

function validateManagedFields(entries: readonly ManagedFieldsEntry[]): FieldError[] {
  return entries.flatMap((entry, index) => {
    const path = root.child('managedFields').index(index)
    const found: FieldError[] = []
    if (entry.operation !== 'Apply' && entry.operation !== 'Update') {
      found.push(fieldErrors.invalid(path.child('operation'), entry.operation ?? '', 'must be `Apply` or `Update`'))
    }
    if (entry.fieldsType && entry.fieldsType !== 'FieldsV1') {
      found.push(fieldErrors.invalid(path.child('fieldsType'), entry.fieldsType, 'must be `FieldsV1`'))
    }
    found.push(...validateFieldManager(entry.manager ?? '', path.child('manager')))
    if ((entry.subresource ?? '').length > subresourceMaxLength)
      found.push(fieldErrors.tooLong(path.child('subresource'), subresourceMaxLength))
    return found
  })
}

/** What is wrong with the name of a field manager. */
export function validateFieldManager(manager: string, path: FieldPath): FieldError[] {
  const found = unprintableCharacters(manager).map((problem) => fieldErrors.invalid(path, manager, problem))
  return Buffer.byteLength(manager) > fieldManagerMaxLength ? [fieldErrors.tooLong(path, fieldManagerMaxLength), ...found] : found
}
