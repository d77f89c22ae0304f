import { FieldPath, Quantity, validateAnnotations, validateDnsSubdomain, validateLabelSelector, validateLabels } from '@treeline/machinery'
import type { TypeOf } from '../../declaration/type-of.js'
import type { Findings } from '../findings.js'
import { checkLabel, checkSubdomain } from '../names.js'
import { checkPositiveQuantity } from '../quantities.js'

type ClaimSpec = TypeOf<'core.v1.PersistentVolumeClaimSpec'>
type DataSource = TypeOf<'core.v1.TypedObjectReference'>

export const volumeModes = ['Block', 'Filesystem']
const accessModes = ['ReadOnlyMany', 'ReadWriteMany', 'ReadWriteOnce', 'ReadWriteOncePod']

/** What a stored claim already has wrong, and so may keep. */
export interface ClaimRules {
  readonly anySelectorValue: boolean
  readonly anyDataSourceGroup: boolean
}

const strict: ClaimRules = { anySelectorValue: false, anyDataSourceGroup: false }

const nowhere = FieldPath.root('spec')

/** The rules for an update of a claim that had this spec. */
export function claimRulesFor(old: ClaimSpec | undefined): ClaimRules {
  if (!old) return strict
  return {
    anySelectorValue: validateLabelSelector(old.selector, nowhere).length > 0,
    anyDataSourceGroup: old.dataSource?.apiGroup !== undefined || old.dataSourceRef?.apiGroup !== undefined,
  }
}

/** What storage is asked for. */
export function checkClaimSpec(found: Findings, spec: ClaimSpec, path: FieldPath, rules: ClaimRules = strict): void {
  if (!spec.accessModes?.length) found.required(path.child('accessModes'), 'at least 1 access mode is required')
  found.add(...validateLabelSelector(spec.selector, path.child('selector'), { allowInvalidValues: rules.anySelectorValue }))
  checkAccessModes(found, spec.accessModes, path.child('accessModes'))
  const size = spec.resources?.requests?.['storage']
  const at = path.child('resources').key('storage')
  if (size === undefined) found.required(at)
  else checkPositiveQuantity(found, Quantity.parse(size), at)
  if (spec.storageClassName) checkSubdomain(found, spec.storageClassName, path.child('storageClassName'))
  if (spec.volumeMode !== undefined && !volumeModes.includes(spec.volumeMode)) {
    found.notSupported(path.child('volumeMode'), spec.volumeMode, volumeModes)
  }
  if (spec.dataSource) checkDataSource(found, spec.dataSource, path.child('dataSource'), rules)
  if (spec.dataSourceRef) checkDataSource(found, spec.dataSourceRef, path.child('dataSourceRef'), rules)
  checkDataSourcesAgree(found, spec, path)
  if (spec.volumeAttributesClassName) {
    checkSubdomain(found, spec.volumeAttributesClassName, path.child('volumeAttributesClassName'))
  }
}

/** Known ones, and ReadWriteOncePod alone. */
export function checkAccessModes(found: Findings, modes: readonly string[] = [], path: FieldPath): void {
  for (const mode of modes) if (!accessModes.includes(mode)) found.notSupported(path, mode, accessModes)
  if (modes.includes('ReadWriteOncePod') && modes.some((mode) => mode !== 'ReadWriteOncePod' && accessModes.includes(mode))) {
    found.forbidden(path, 'may not use ReadWriteOncePod with other access modes')
  }
}

function checkDataSource(found: Findings, source: DataSource, path: FieldPath, rules: ClaimRules): void {
  const { name, kind, apiGroup = '', namespace } = source
  if (!name) found.required(path.child('name'))
  if (!kind) found.required(path.child('kind'))
  if (apiGroup === '' && kind !== 'PersistentVolumeClaim') {
    found.invalid(path, kind ?? '', "must be 'PersistentVolumeClaim' when referencing the default apiGroup")
  }
  if (apiGroup !== '' && !rules.anyDataSourceGroup) found.each(path.child('apiGroup'), apiGroup, validateDnsSubdomain(apiGroup))
  if (namespace) checkLabel(found, namespace, path.child('namespace'))
}

function checkDataSourcesAgree(found: Findings, { dataSource, dataSourceRef }: ClaimSpec, path: FieldPath): void {
  if (!dataSource || !dataSourceRef) return
  // Upstream names its own representation of the path as the bad value: an empty struct.
  if (dataSourceRef.namespace) found.invalid(path, {}, 'may not be specified when dataSourceRef.namespace is specified')
  else if (['apiGroup', 'kind', 'name'].some((field) => get(dataSource, field) !== get(dataSourceRef, field))) {
    found.invalid(path, {}, 'must match dataSourceRef')
  }
}

const get = (source: object, field: string): unknown => (source as Record<string, unknown>)[field]

/** Fields of metadata that a template may not set, in the order of the type. */
const notInTemplates = [
  'name',
  'generateName',
  'namespace',
  'selfLink',
  'uid',
  'resourceVersion',
  'generation',
  'creationTimestamp',
  'deletionTimestamp',
  'deletionGracePeriodSeconds',
  'ownerReferences',
  'finalizers',
  'managedFields',
] as const

/** Metadata of which only labels and annotations may be given. */
export function checkTemplateMetadata(found: Findings, metadata: TypeOf<'meta.v1.ObjectMeta'> | undefined, path: FieldPath): void {
  if (!metadata) return
  found.add(...validateAnnotations(metadata.annotations, path.child('annotations')))
  found.add(...validateLabels(metadata.labels, path.child('labels')))
  for (const name of notInTemplates) {
    const value = metadata[name]
    // Upstream names the fields as Go does, with a small letter in front.
    if (value) found.forbidden(path.child(name === 'uid' ? 'uID' : name), 'cannot be set')
  }
}

/** The claim that an ephemeral volume becomes. */
export function checkClaimTemplate(found: Findings, template: TypeOf<'core.v1.PersistentVolumeClaimTemplate'>, path: FieldPath): void {
  checkTemplateMetadata(found, template.metadata, path.child('metadata'))
  checkClaimSpec(found, template.spec ?? {}, path.child('spec'))
}
