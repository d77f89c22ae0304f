import type { CustomResourceDefinition, Kind } from '@treeline/api'
import { deepEqual } from '@treeline/machinery'
import type { ServedKinds } from '../../registry/served-kinds.js'
import type { ResourceStores } from '../../resource-store/resource-stores.js'
import { type CustomKindOptions, customKinds, isTerminating } from '../kind/custom-kind.js'
import { builtinResources } from './builtin-resources.js'
import { isTrue } from './conditions.js'

interface ServedDefinition {
  /** What the kinds were made from. */
  readonly basis: unknown
  readonly stored: Kind
  readonly kinds: readonly Kind[]
}

/** Which definitions are served, and as what. Keeps the server's table of kinds in step with them. */
export class ServedDefinitions {
  readonly #kinds: ServedKinds
  readonly #stores: ResourceStores
  readonly #options: CustomKindOptions
  readonly #served = new Map<string, ServedDefinition>()

  constructor(kinds: ServedKinds, stores: ResourceStores, options: CustomKindOptions) {
    this.#kinds = kinds
    this.#stores = stores
    this.#options = options
  }

  get names(): IterableIterator<string> {
    return this.#served.keys()
  }

  /** Serves a definition as it is now: by new kinds where anything has changed that they are made from, or not at all. */
  set(definition: CustomResourceDefinition): void {
    const name = definition.metadata.name ?? ''
    const { group, names } = definition.spec
    if (!isTrue(definition, 'Established') || builtinResources.has(`${group}/${names.plural}`)) {
      this.remove(name)
      return
    }
    const { uid } = definition.metadata
    const basis = { uid, spec: definition.spec, names: definition.status?.acceptedNames, terminating: isTerminating(definition) }
    const known = this.#served.get(name)
    if (known && deepEqual(known.basis, basis)) return
    const made = customKinds(definition, this.#options)
    if (!made) {
      this.remove(name)
      return
    }
    for (const kind of made.served) this.#kinds.add(kind, () => this.#stores.of(kind))
    this.#served.set(name, { basis, stored: made.stored, kinds: made.served })
    const versions = new Set(made.served.map(({ version }) => version))
    for (const kind of known?.kinds ?? []) if (!versions.has(kind.version)) this.#unserve(kind)
  }

  remove(name: string): void {
    const known = this.#served.get(name)
    if (!known) return
    this.#served.delete(name)
    for (const kind of known.kinds) this.#unserve(kind)
    this.#stores.drop(known.stored)
  }

  /** The kind that the objects of a definition are stored as. */
  storedKind(name: string): Kind | undefined {
    return this.#served.get(name)?.stored
  }

  #unserve(kind: Kind): void {
    this.#kinds.remove(kind)
    this.#stores.drop(kind)
  }
}
