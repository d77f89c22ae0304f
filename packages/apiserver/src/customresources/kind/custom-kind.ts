import {
  type CustomResourceDefinition,
  type Kind,
  nameColumn,
  type StoredAs,
  type Subresource,
  statusSubresource,
  type Verb,
} from '@treeline/api'
import { deepCopy, type KubernetesObject, type StructSchema } from '@treeline/machinery'
import type { JsonSchema } from '../schema/json-schema.js'
import { kindSchema } from '../schema/kind-schema.js'
import type { ScalePaths } from '../values/scale-values.js'
import { CustomObjects, readStoredObject } from './custom-objects.js'
import { customStrategy, type RuleCompiler } from './custom-strategy.js'
import { deprecationWarning } from './deprecation.js'
import { customColumns } from './printer-columns.js'
import { selectableFields } from './selectable-fields.js'

type Version = NonNullable<CustomResourceDefinition['spec']['versions']>[number]

const verbs: readonly Verb[] = ['delete', 'deletecollection', 'get', 'list', 'patch', 'create', 'update', 'watch']
const verbsWhileTerminating: readonly Verb[] = ['delete', 'deletecollection', 'get', 'list', 'watch']

/** What kinds of a definition are made with. */
export interface CustomKindOptions {
  /** Makes the evaluator of `x-kubernetes-validations`; without one the rules are kept but not evaluated. */
  readonly compileRules?: RuleCompiler
}

/** The kinds of a definition, one for each version, all over the storage of one. */
export interface CustomKinds {
  readonly stored: Kind
  readonly served: readonly Kind[]
}

/** Makes the kinds of a definition, by the names that were accepted; none where no version is stored. */
export function customKinds(definition: CustomResourceDefinition, options: CustomKindOptions = {}): CustomKinds | undefined {
  const versions = definition.spec.versions ?? []
  const stored = versions.find(({ storage }) => storage)
  if (!stored) return undefined
  const unserved: Kind[] = []
  const forms = new Map(versions.map((version) => [version.name, formOf(definition, version)]))
  const shared = { ...options, definition, unserved, forms }
  const storedKind = customKind(shared, stored, undefined)
  const kinds = versions.map((version) => (version === stored ? storedKind : customKind(shared, version, storedKind)))
  unserved.push(...kinds.filter((_, i) => !versions[i]?.served))
  return { stored: storedKind, served: kinds.filter((_, i) => versions[i]?.served) }
}

interface Shared extends CustomKindOptions {
  readonly definition: CustomResourceDefinition
  /** The versions that are not served, filled once all are made. */
  readonly unserved: readonly Kind[]
  readonly forms: ReadonlyMap<string, VersionForm>
}

/** What a version says of objects. */
interface VersionForm {
  readonly json: JsonSchema
  readonly schema: StructSchema
  readonly objects: CustomObjects
}

function formOf({ spec, status }: CustomResourceDefinition, version: Version): VersionForm {
  const { group } = spec
  const json = (version.schema?.openAPIV3Schema ?? unstructured) as JsonSchema
  const preserves = spec.preserveUnknownFields === true
  const name = definitionName(group, version.name, (status?.acceptedNames ?? spec.names).kind)
  const schema = kindSchema(preserves ? { ...json, 'x-kubernetes-preserve-unknown-fields': true } : json, name)
  return { json, schema, objects: new CustomObjects({ group, version: version.name, json, schema, prunes: !preserves }) }
}

function customKind({ definition, unserved, forms, compileRules }: Shared, version: Version, storedKind: Kind | undefined): Kind {
  const { spec, status } = definition
  const { plural, singular = '', kind, listKind = `${kind}List`, shortNames = [], categories = [] } = status?.acceptedNames ?? spec.names
  const { group, versions = [] } = spec
  const { json, schema, objects } = forms.get(version.name) ?? formOf(definition, version)
  const scale = version.subresources?.scale as ScalePaths | undefined
  const terminating = isTerminating(definition)
  return {
    group,
    version: version.name,
    kind,
    listKind,
    plural,
    singular,
    shortNames: shortNames ?? [],
    categories: categories ?? [],
    scope: spec.scope === 'Cluster' ? 'Cluster' : 'Namespaced',
    schema,
    verbs,
    ...(terminating && { discoveredVerbs: verbsWhileTerminating }),
    subresources: [...(version.subresources?.status ? [statusSubresource] : []), ...(scale ? [scaleSubresource(scale)] : [])],
    columns: [nameColumn, ...customColumns(version.additionalPrinterColumns)],
    selectableFields: selectableFields(version.selectableFields ?? []),
    storagePrefix: `${group}/${plural}`,
    strategy: customStrategy({
      groupResource: { group, resource: plural },
      json,
      objects,
      hasStatus: version.subresources?.status !== undefined,
      scale,
      terminating,
      rules: compileRules?.(json),
    }),
    readStored: (stored) => readStoredObject(stored, objects, forms.get(versionOf(stored))?.objects),
    ...(version.deprecated && { deprecationWarning: version.deprecationWarning ?? deprecationWarning(definition, version.name) }),
    ...(storedKind && { storedAs: storedAs(storedKind, objects, forms.get(storedKind.version)?.objects) }),
    ...(versions.length > 1 && { unservedVersions: unserved }),
    openApi: json,
    custom: true,
  }
}

/** A version without a schema keeps everything, as very old definitions may have it. */
const unstructured: JsonSchema = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true }

function versionOf({ apiVersion = '' }: KubernetesObject): string {
  return apiVersion.slice(apiVersion.lastIndexOf('/') + 1)
}

function storedAs(kind: Kind, own: CustomObjects, stored: CustomObjects | undefined): StoredAs<KubernetesObject> {
  const converted = (object: KubernetesObject, form: CustomObjects | undefined): KubernetesObject => {
    const copy = deepCopy(object)
    form?.convert(copy)
    return copy
  }
  return { kind, toStored: (object) => converted(object, stored), fromStored: (object) => converted(object, own) }
}

function scaleSubresource(scale: ScalePaths): Subresource {
  return { name: 'scale', verbs: ['get', 'patch', 'update'], gvk: { group: 'autoscaling', version: 'v1', kind: 'Scale' }, scale }
}

/** OpenAPI name: the group's labels reversed, version, kind. */
function definitionName(group: string, version: string, kind: string): string {
  return `${group.split('.').reverse().join('.')}.${version}.${kind}`
}

/** Whether the definition is being deleted, so that no more objects may be created. */
export function isTerminating(definition: CustomResourceDefinition): boolean {
  return definition.status?.conditions?.some(({ type, status }) => type === 'Terminating' && status === 'True') ?? false
}
