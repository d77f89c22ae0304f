import type { KubernetesObject } from '@treeline/machinery'
import { groups } from '../groups.js'
import type { Kind, Subresource, Verb } from '../kind.js'
import { createdAtColumn, nameColumn } from './columns.js'
import { schemaOf } from './schema-of.js'
import { type StrategyDeclaration, strategyOf } from './strategy-of.js'
import type { Validation } from './validations.js'
import { metadataValidations, validationsTable } from './validations-of-kinds.js'

/** What is said of a kind beyond its type; whatever is usual may be left out. */
export interface KindDeclaration<T extends KubernetesObject>
  extends Partial<Omit<Kind<T>, 'plural' | 'strategy' | 'schema' | 'group' | 'version' | 'kind' | 'objectType' | 'custom'>> {
  readonly plural: string
  readonly strategy?: StrategyDeclaration<T>
}

/** Makes the kind of a declared type: `defineKind<Pod>('core.v1.Pod', { plural: 'pods', … })`. */
export function defineKind<T extends KubernetesObject>(type: string, declaration: KindDeclaration<NoInfer<T>>): Kind<T> {
  const dot = type.lastIndexOf('.')
  const kind = type.slice(dot + 1)
  const group = groups[type.slice(0, dot)]
  if (!group) throw new Error(`no group version of ${type} is declared`)
  const stored = declaration.stored !== false
  const schema = schemaOf(type)
  const hasStatus = declaration.subresources?.includes(statusSubresource) ?? false
  return {
    group: group.group,
    version: group.version,
    kind,
    listKind: `${kind}List`,
    singular: kind.toLowerCase(),
    shortNames: [],
    categories: [],
    scope: 'Namespaced',
    schema,
    ...(stored && { listSchema: schemaOf(`${type}List`) }),
    verbs: stored ? everyVerb : ['create'],
    subresources: [],
    columns: stored ? [nameColumn, createdAtColumn] : [],
    selectableFields: {},
    storagePrefix: declaration.plural,
    ...declaration,
    strategy: strategyOf(schema, hasStatus, declaration.strategy ?? {}, validationOf<T>(type)),
  }
}

/** In discovery's order. */
export const everyVerb: readonly Verb[] = ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch']

export const statusSubresource: Subresource = { name: 'status', verbs: ['get', 'patch', 'update'] }

/** `scale` of the workloads that count replicas in their spec. */
export const scaleSubresource: Subresource = {
  name: 'scale',
  verbs: ['get', 'patch', 'update'],
  gvk: { group: 'autoscaling', version: 'v1', kind: 'Scale' },
  scale: { specReplicasPath: '.spec.replicas', statusReplicasPath: '.status.replicas', labelSelectorPath: '.spec.selector' },
}

function validationOf<T>(type: string): Validation<T> {
  const table: Readonly<Record<string, Validation<T> | undefined>> = validationsTable as Readonly<Record<string, Validation<T> | undefined>>
  const metadata = metadataValidations[type]
  return { ...table[type], ...(metadata && { metadata }) }
}
