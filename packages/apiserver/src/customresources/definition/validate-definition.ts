import type { CustomResourceDefinition } from '@treeline/api'
import {
  deepEqual,
  type FieldError,
  FieldPath,
  fieldErrors,
  isPrintable,
  validateDns1035Label,
  validateDnsSubdomain,
} from '@treeline/machinery'
import { hasUnprunedDefaults } from '../schema/check-defaults.js'
import { listMapKeyErrors, listTypeErrors } from '../schema/check-list-types.js'
import { conversionProblem } from '../schema/check-schema.js'
import { type JsonSchema, schemasWithin } from '../schema/json-schema.js'
import { structuralErrors } from '../schema/structural.js'
import { apiApprovalErrors } from './api-approval.js'
import { columnErrors, subresourceErrors } from './columns.js'
import { conversionErrors, isCaBundle, isRecognized } from './conversion.js'
import { type HoistedSpec, type HoistedVersion, hoist, partsOf, shownVersions, type VersionParts } from './hoisted-spec.js'
import { nameErrors } from './names.js'
import { hasTooManySelectableFields, selectableFieldErrors } from './selectable-fields.js'
import { type VersionSchemaRules, versionSchemaErrors } from './version-schema.js'

type Definition = CustomResourceDefinition
type Spec = Definition['spec']

const specPath = FieldPath.root('spec')
const statusPath = FieldPath.root('status')

/** Rules that a definition must keep; those newer than a stored one hold only if it kept them already. */
interface Rules extends VersionSchemaRules {
  readonly requireOpenApiSchema: boolean
  readonly requireImmutableNames: boolean
  readonly requireRecognizedReviewVersion: boolean
  readonly allowInvalidCaBundle: boolean
  /** Versions, '' for shared ones, that may keep more selectable fields than are allowed. */
  readonly tooManySelectableFields: ReadonlySet<string>
}

const allRules: Rules = {
  requireOpenApiSchema: true,
  requireValidPropertyType: true,
  requireStructuralSchema: true,
  requirePrunedDefaults: true,
  requireAtomicSetType: true,
  requireMapListKeysMapSetValidation: true,
  requireImmutableNames: false,
  requireRecognizedReviewVersion: true,
  allowInvalidCaBundle: true,
  tooManySelectableFields: new Set(),
}

/** What is wrong with a new definition, in upstream's order and words. */
export function definitionErrors(definition: Definition): FieldError[] {
  return [
    ...objectNameErrors(definition),
    ...specErrors(definition.spec, allRules),
    ...nameErrors(definition.status?.acceptedNames, statusPath.child('acceptedNames')),
    ...storedVersionErrors(definition),
    ...apiApprovalErrors(definition),
    ...preserveErrors(definition),
  ]
}

/** What is wrong with a change of a definition. */
export function definitionUpdateErrors(definition: Definition, old: Definition): FieldError[] {
  const rules = rulesFor(definition, old)
  return [
    ...specErrors(definition.spec, rules),
    ...immutableErrors(definition.spec, old.spec, rules),
    ...nameErrors(definition.status?.acceptedNames, statusPath.child('acceptedNames')),
    ...storedVersionErrors(definition),
    ...apiApprovalErrors(definition, old),
    ...(old.spec.preserveUnknownFields ? [] : preserveErrors(definition)),
  ]
}

/** What is wrong with a change through the status subresource. */
export function definitionStatusErrors(definition: Definition): FieldError[] {
  return nameErrors(definition.status?.acceptedNames, statusPath.child('acceptedNames'))
}

function objectNameErrors({ metadata, spec }: Definition): FieldError[] {
  const name = metadata.name ?? ''
  if (name === '' || name === `${spec.names?.plural ?? ''}.${spec.group ?? ''}`) return []
  return [fieldErrors.invalid(FieldPath.root('metadata', 'name'), name, 'must be spec.names.plural+"."+spec.group')]
}

function rulesFor(definition: Definition, old: Definition): Rules {
  const schemas = schemasOf(old.spec)
  const within = schemas.flatMap((schema) => [...schemasWithin(schema)])
  const { conversion } = old.spec
  const established = isEstablished(old)
  const oldBundle = conversion?.webhook?.clientConfig?.caBundle
  return {
    requireOpenApiSchema: (old.spec.versions ?? []).every((version) => version.schema?.openAPIV3Schema),
    requireValidPropertyType: within.every(({ type }) => !type || knownTypes.has(type)),
    requireStructuralSchema: schemas.every(isStructural),
    requirePrunedDefaults: !schemas.some(hasUnprunedDefaults),
    requireAtomicSetType: within.every(
      (schema) => !listTypeErrors(schema, specPath, true).some(({ detail }) => detail.startsWith('must be atomic as item')),
    ),
    requireMapListKeysMapSetValidation: within.every((schema) => listMapKeyErrors(schema, specPath).length === 0),
    requireImmutableNames: established,
    requireRecognizedReviewVersion:
      !conversion?.webhook?.conversionReviewVersions?.length || isRecognized(conversion.webhook.conversionReviewVersions),
    allowInvalidCaBundle: !established || (Boolean(oldBundle) && !isCaBundle(oldBundle ?? '')),
    tooManySelectableFields: unchangedTooMany(hoist(definition.spec), hoist(old.spec)),
  }
}

const knownTypes: ReadonlySet<string> = new Set(['string', 'number', 'integer', 'boolean', 'array', 'object'])

function schemasOf(spec: Spec): JsonSchema[] {
  return (spec.versions ?? []).flatMap((version) => (version.schema?.openAPIV3Schema ? [version.schema.openAPIV3Schema as JsonSchema] : []))
}

/** Whether a schema can be taken as the structure of its objects. */
export function isStructural(schema: JsonSchema): boolean {
  return conversionProblem(schema) === undefined && structuralErrors(schema, specPath).length === 0
}

function isEstablished(definition: Definition): boolean {
  return definition.status?.conditions?.some(({ type, status }) => type === 'Established' && status === 'True') ?? false
}

function unchangedTooMany(spec: HoistedSpec, old: HoistedSpec): ReadonlySet<string> {
  const result = new Set<string>()
  const keeps = (fields: VersionParts['selectableFields'], before: VersionParts['selectableFields']): boolean =>
    hasTooManySelectableFields(before) && deepEqual(fields, before)
  if (keeps(spec.shared.selectableFields, old.shared.selectableFields)) result.add('')
  for (const version of spec.versions) {
    const before = old.versions.find(({ name }) => name === version.name)
    if (before && keeps(version.selectableFields, before.selectableFields)) result.add(version.name)
  }
  return result
}

function specErrors(given: Spec, rules: Rules): FieldError[] {
  const spec = hoist(given)
  const structural = !given.preserveUnknownFields || schemasOf(given).some(needsStructure)
  const schemaRules: Rules = { ...rules, requireStructuralSchema: rules.requireStructuralSchema || structural }
  const { names } = given
  return [
    ...groupErrors(given.group ?? ''),
    ...scopeErrors(given.scope ?? ''),
    ...missingSchemaErrors(spec, given, rules),
    ...spec.versions.flatMap((version, i) => versionErrors(spec, version, schemaRules, specPath.child('versions').index(i))),
    ...versionListErrors(spec),
    ...(['plural', 'singular', 'kind', 'listKind'] as const).flatMap((name) =>
      names?.[name] ? [] : [fieldErrors.required(specPath.child('names', name))],
    ),
    ...nameErrors(names, specPath.child('names')),
    ...sharedErrors(spec, schemaRules),
    ...conversionErrors(given.conversion, specPath.child('conversion'), rules),
  ]
}

function needsStructure(schema: JsonSchema): boolean {
  for (const inner of schemasWithin(schema)) {
    if (inner.default !== undefined || Object.keys(inner).some((keyword) => keyword.startsWith('x-kubernetes-'))) return true
  }
  return false
}

function groupErrors(group: string): FieldError[] {
  const path = specPath.child('group')
  if (group === '') return [fieldErrors.required(path)]
  const problems = validateDnsSubdomain(group)
  if (problems.length > 0) return [fieldErrors.invalid(path, group, problems.join(','))]
  return group.includes('.') ? [] : [fieldErrors.invalid(path, group, 'should be a domain with at least one dot')]
}

function scopeErrors(scope: string): FieldError[] {
  const path = specPath.child('scope')
  if (scope === '') return [fieldErrors.required(path)]
  return scope === 'Cluster' || scope === 'Namespaced' ? [] : [fieldErrors.notSupported(path, scope, ['Cluster', 'Namespaced'])]
}

function missingSchemaErrors(spec: HoistedSpec, given: Spec, rules: Rules): FieldError[] {
  if (spec.shared.schema?.openAPIV3Schema) return []
  const path = specPath.child('versions')
  const missing = spec.versions.flatMap((version, i) =>
    version.schema?.openAPIV3Schema ? [] : [{ version, at: path.index(i).child('schema', 'openAPIV3Schema') }],
  )
  if (rules.requireOpenApiSchema) return missing.map(({ at }) => fieldErrors.required(at))
  if (given.preserveUnknownFields) return []
  return missing
    .filter(({ version }) => version.served)
    .map(({ at }) => fieldErrors.required(at, 'because otherwise all fields are pruned'))
}

function versionErrors(spec: HoistedSpec, version: HoistedVersion, rules: Rules, path: FieldPath): FieldError[] {
  const nameProblems = validateDns1035Label(version.name ?? '')
  const hasStatus = partsOf(spec, version).subresources?.status !== undefined
  return [
    ...(nameProblems.length > 0 ? [fieldErrors.invalid(path.child('name'), version.name, nameProblems.join(','))] : []),
    ...deprecationErrors(version).map((problem) =>
      fieldErrors.invalid(path.child('deprecationWarning'), version.deprecationWarning, problem),
    ),
    ...versionSchemaErrors(version.schema, hasStatus, rules, path.child('schema')),
    ...partErrors(version, rules, path, version.name),
    ...(version.selectableFields?.length && !version.schema?.openAPIV3Schema
      ? [fieldErrors.invalid(path.child('selectableFields'), '', 'may only be set when `version.schema.openAPIV3Schema` is not included')]
      : []),
  ]
}

// Subresources, columns and selectable fields, of one version or of all.
function partErrors(parts: VersionParts, rules: Rules, path: FieldPath, version: string): FieldError[] {
  const { schema, subresources, additionalPrinterColumns = [], selectableFields = [] } = parts
  const structure = schema?.openAPIV3Schema
  return [
    ...subresourceErrors(subresources, path.child('subresources')),
    ...additionalPrinterColumns.flatMap((column, i) => columnErrors(column, path.child('additionalPrinterColumns').index(i))),
    ...(structure
      ? selectableFieldErrors(selectableFields, structure, path.child('selectableFields'), rules.tooManySelectableFields.has(version))
      : []),
  ]
}

function deprecationErrors({ deprecated, deprecationWarning }: HoistedVersion): string[] {
  if (deprecationWarning === undefined) return []
  if (!deprecated) return ['can only be set for deprecated versions']
  const problems: string[] = []
  if (Buffer.byteLength(deprecationWarning) > 256) problems.push('must be <= 256 characters long')
  if (deprecationWarning === '') problems.push('must not be an empty string')
  let at = 0
  for (const character of deprecationWarning) {
    if (!isPrintable(character)) {
      problems.push(`must only contain printable UTF-8 characters; non-printable character found at index ${at}`)
      break
    }
    at += Buffer.byteLength(character)
  }
  return problems
}

function versionListErrors(spec: HoistedSpec): FieldError[] {
  const path = specPath.child('versions')
  const errors: FieldError[] = []
  const names = spec.versions.map(({ name }) => name)
  if (new Set(names).size < names.length) errors.push(fieldErrors.invalid(path, shownVersions(spec), 'must contain unique version names'))
  if (spec.versions.filter(({ storage }) => storage).length !== 1) {
    errors.push(fieldErrors.invalid(path, shownVersions(spec), 'must have exactly one version marked as storage version'))
  }
  // Once a definition had one version only; it still counts as that of the first.
  const [first] = names
  const problems = first ? validateDns1035Label(first) : []
  if (problems.length > 0) errors.push(fieldErrors.invalid(specPath.child('version'), first, problems.join(',')))
  return errors
}

function sharedErrors(spec: HoistedSpec, rules: Rules): FieldError[] {
  const { schema, selectableFields } = spec.shared
  const hasStatus = spec.versions.some((version) => partsOf(spec, version).subresources?.status !== undefined)
  return [
    ...versionSchemaErrors(schema, hasStatus, rules, specPath.child('validation')),
    ...partErrors({ ...spec.shared, schema }, rules, specPath, ''),
    ...(selectableFields?.length && !schema
      ? [fieldErrors.invalid(specPath.child('selectableFields'), '', 'may only be set when validations.schema is included')]
      : []),
  ]
}

function immutableErrors(spec: Spec, old: Spec, rules: Rules): FieldError[] {
  const check = (value: unknown, before: unknown, path: FieldPath): FieldError[] =>
    deepEqual(value, before) ? [] : [fieldErrors.invalid(path, value, 'field is immutable')]
  return [
    ...(rules.requireImmutableNames
      ? [
          ...check(spec.scope, old.scope, specPath.child('scope')),
          ...check(spec.names?.kind, old.names?.kind, specPath.child('names', 'kind')),
        ]
      : []),
    ...check(spec.group, old.group, specPath.child('group')),
    ...check(spec.names?.plural, old.names?.plural, specPath.child('names', 'plural')),
  ]
}

function storedVersionErrors({ spec, status }: Definition): FieldError[] {
  const stored = status?.storedVersions ?? []
  const path = statusPath.child('storedVersions')
  if (stored.length === 0) return [fieldErrors.invalid(path, status?.storedVersions ?? null, 'must have at least one stored version')]
  const versions = spec.versions ?? []
  const errors = versions
    .filter(({ name, storage }) => storage && !stored.includes(name))
    .map(({ name }) => fieldErrors.invalid(path, stored, `must have the storage version ${name}`))
  stored.forEach((name, i) => {
    if (versions.some((version) => version.name === name)) return
    const detail = `missing from spec.versions; ${name} was previously a storage version, and must remain in spec.versions until a storage migration ensures no data remains persisted in ${name} and removes ${name} from status.storedVersions`
    errors.push(fieldErrors.invalid(path.index(i), name, detail))
  })
  return errors
}

function preserveErrors({ spec }: Definition): FieldError[] {
  if (!spec.preserveUnknownFields) return []
  const detail = 'cannot set to true, set x-kubernetes-preserve-unknown-fields to true in spec.versions[*].schema instead'
  return [fieldErrors.invalid(specPath.child('preserveUnknownFields'), true, detail)]
}
