import { CustomResourceDefinition, type Kind } from '@treeline/api'
import type { ApiInternals } from '../registry/internals.js'
import type { ServedKinds } from '../registry/served-kinds.js'
import type { ResourceStores } from '../resource-store/resource-stores.js'
import { DefinitionControl } from './control/definition-control.js'
import { ServedDefinitions } from './control/served-definitions.js'
import { definitionKind } from './definition/definition-kind.js'
import type { CustomKindOptions } from './kind/custom-kind.js'

export type { RuleCompiler, RuleEvaluator } from './kind/custom-strategy.js'
export type { JsonSchema, JsonValidationRule } from './schema/json-schema.js'

export interface CustomResourcesOptions extends CustomKindOptions {
  readonly internals: ApiInternals
  readonly kinds: ServedKinds
  readonly stores: ResourceStores
  readonly now: () => number
  /** Learns of background work that failed and will be tried again. */
  readonly report: (error: Error) => void
}

export interface CustomResources {
  close(): Promise<void>
}

/** The kinds of a server, with the CustomResourceDefinition that this part knows how to serve. */
export function kindsWithDefinitions(kinds: readonly Kind[]): readonly Kind[] {
  return kinds.map((kind) => (kind === (CustomResourceDefinition as unknown) ? (definitionKind as unknown as Kind) : kind))
}

/** Serves the custom resources that are defined, now and from now on. Resolves when those of before are served. */
export async function serveCustomResources(options: CustomResourcesOptions): Promise<CustomResources> {
  const { internals, kinds, stores, report, ...kindOptions } = options
  await internals.store(definitionKind).ready
  const served = new ServedDefinitions(kinds, stores, kindOptions)
  for (const definition of internals.list(definitionKind)) {
    try {
      served.set(definition)
    } catch (error) {
      // One that cannot be served must not keep the others from it; it is tried again with all.
      report(new Error(`CustomResourceDefinition ${definition.metadata.name}`, { cause: error }))
    }
  }
  const control = new DefinitionControl({ internals, stores, served, report, now: options.now })
  return { close: () => control.close() }
}
