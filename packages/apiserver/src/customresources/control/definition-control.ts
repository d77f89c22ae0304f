import type { CustomResourceDefinition, CustomResourceDefinitionCondition } from '@treeline/api'
import { systemClock, WorkQueue } from '@treeline/client'
import { deepEqual, isNotFound } from '@treeline/machinery'
import { follow } from '../../registry/follow.js'
import type { ApiInternals } from '../../registry/internals.js'
import type { ResourceStores } from '../../resource-store/resource-stores.js'
import { cleanupFinalizer, definitionKind } from '../definition/definition-kind.js'
import { hasItsNames } from './accepted-names.js'
import { conditionOf, saysTheSame, setCondition } from './conditions.js'
import { advanceStatus } from './definition-status.js'
import { deleteInstances, deletionInProgress } from './delete-instances.js'
import type { ServedDefinitions } from './served-definitions.js'

type Definition = CustomResourceDefinition

export interface DefinitionControlOptions {
  readonly internals: ApiInternals
  readonly stores: ResourceStores
  readonly served: ServedDefinitions
  readonly now: () => number
  /** Learns of what failed and will be tried again. */
  readonly report: (error: Error) => void
}

/** Longest wait, in milliseconds, before something that failed is tried again. */
const longestBackoff = 30_000
/** How often, in milliseconds, a definition is looked at whose last objects have finalizers. */
const cleanupInterval = 500

const asServer = { subresource: 'status', fieldManager: 'kube-apiserver' } as const

/** Leads definitions from their creation to being served, and through their deletion. One after the other, for names are given out once. */
export class DefinitionControl {
  readonly #options: DefinitionControlOptions
  readonly #queue = new WorkQueue(systemClock, { cap: longestBackoff })
  readonly #acceptedNames = new Map<string, { readonly group: string; readonly names: unknown }>()
  readonly #unfollow: () => void
  readonly #working: Promise<void>

  constructor(options: DefinitionControlOptions) {
    this.#options = options
    this.#unfollow = follow(options.internals, definitionKind, {
      event: ({ stored }) => this.#queue.add(stored.object.metadata.name ?? ''),
      reset: () => {
        for (const name of options.served.names) this.#queue.add(name)
      },
    })
    this.#working = this.#work()
  }

  /** Resolves when the work under way is done. */
  async close(): Promise<void> {
    this.#unfollow()
    this.#queue.close()
    await this.#working
  }

  async #work(): Promise<void> {
    for (let name = await this.#queue.take(); name !== undefined; name = await this.#queue.take()) {
      try {
        await this.#reconcile(name)
        this.#queue.forget(name)
      } catch (error) {
        const cause = error instanceof Error ? error.message : String(error)
        this.#options.report(new Error(`CustomResourceDefinition ${name}: ${cause}`, { cause: error }))
        this.#queue.addRateLimited(name)
      } finally {
        this.#queue.done(name)
      }
    }
  }

  async #reconcile(name: string): Promise<void> {
    const { internals, served } = this.#options
    const definition = internals.get(definitionKind, undefined, name)
    this.#noteNames(name, definition)
    if (!definition) {
      served.remove(name)
      return
    }
    served.set(definition)
    const waitsForCleanup = definition.metadata.deletionTimestamp && definition.metadata.finalizers?.includes(cleanupFinalizer)
    if (waitsForCleanup) await this.#cleanUp(name, definition)
    else await this.#changeStatus(name, (current) => advanceStatus(current, this.#groupOf(current), this.#now()))
  }

  /** Others of the group may have waited for names that are free now, or have lost a race for those that were given. */
  #noteNames(name: string, definition: Definition | undefined): void {
    const before = this.#acceptedNames.get(name)
    const names = definition?.status?.acceptedNames
    if (before && deepEqual(before.names, names)) return
    if (definition) this.#acceptedNames.set(name, { group: definition.spec.group, names })
    else this.#acceptedNames.delete(name)
    const group = definition?.spec.group ?? before?.group
    for (const other of this.#options.internals.list(definitionKind)) {
      const { name: otherName = '' } = other.metadata
      if (other.spec.group === group && otherName !== name && !hasItsNames(other)) this.#queue.add(otherName)
    }
  }

  #groupOf(definition: Definition): Definition[] {
    const { group } = definition.spec
    return this.#options.internals.list(definitionKind).filter((other) => other.spec.group === group)
  }

  async #cleanUp(name: string, definition: Definition): Promise<void> {
    const { internals, stores, served } = this.#options
    if (conditionOf(definition, 'Terminating')?.reason === 'InstanceDeletionPending') {
      await this.#setTerminating(name, deletionInProgress(this.#now()))
    }
    const stored = served.storedKind(name)
    const { condition, done } = await deleteInstances(definition, stored && stores.of(stored), this.#now())
    await this.#setTerminating(name, condition)
    if (!done) {
      this.#queue.addAfter(name, cleanupInterval)
      return
    }
    await ignoreGone(
      internals.update(definitionKind, undefined, name, (current) => {
        const { metadata } = current
        metadata.finalizers = (metadata.finalizers ?? []).filter((finalizer) => finalizer !== cleanupFinalizer)
        return current
      }),
    )
  }

  #setTerminating(name: string, condition: CustomResourceDefinitionCondition): Promise<void> {
    return this.#changeStatus(name, (current) => {
      if (saysTheSame(condition, conditionOf(current, condition.type))) return false
      setCondition(current, condition)
      return true
    })
  }

  async #changeStatus(name: string, change: (definition: Definition) => boolean): Promise<void> {
    const { internals } = this.#options
    const update = (current: Definition): Definition | undefined => (change(current) ? current : undefined)
    await ignoreGone(internals.update(definitionKind, undefined, name, update, asServer))
  }

  #now(): Date {
    return new Date(this.#options.now())
  }
}

// What is gone has nothing left to be done; its event says so as well.
async function ignoreGone(update: Promise<unknown>): Promise<void> {
  try {
    await update
  } catch (error) {
    if (!isNotFound(error)) throw error
  }
}
