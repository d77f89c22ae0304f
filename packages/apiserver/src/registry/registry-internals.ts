import type { Kind } from '@treeline/api'
import { deepCopy, groupVersion, type KubernetesObject } from '@treeline/machinery'
import type { UserInfo } from '../authentication/authenticator.js'
import { canonicalForm } from './canonical-form.js'
import { createObject } from './create-object.js'
import { withDefaults } from './decode-object.js'
import { deleteObject } from './delete-object.js'
import type { ApiInternals, InternalWriteOptions } from './internals.js'
import { recordChange } from './managed-fields.js'
import type { Registry } from './registry.js'
import type { Resource } from './resource.js'
import { updateObject } from './update-object.js'
import type { WriteContext } from './write-context.js'

/** Who the server is when it writes by itself. */
export const systemUser: UserInfo = { name: 'system:apiserver', groups: ['system:masters', 'system:authenticated'] }

const ownManager = 'treeline-apiserver'

/** The registry for the server's own parts. */
export function registryInternals(registry: Registry, preferredVersion: (group: string) => string | undefined): ApiInternals {
  const { kinds } = registry
  const resourceOf = <T extends KubernetesObject>(kind: Kind<T>): Resource<T> => {
    const resource = kinds.of(kind)
    if (!resource) throw new Error(`${kind.plural} of ${groupVersion(kind.group, kind.version)} are not served`)
    return resource
  }
  const loaded = async <T extends KubernetesObject>(kind: Kind<T>): Promise<Resource<T>> => {
    const resource = resourceOf(kind)
    if (!resource.loaded) await resource.load()
    return resource
  }
  const versionsToTry = (group: string, version: string | undefined): string[] => {
    if (version !== undefined) return [version]
    const preferred = preferredVersion(group)
    return [...(preferred === undefined ? [] : [preferred]), ...kinds.versions(group)]
  }
  return {
    get: (kind, namespace, name) => resourceOf(kind).store.get(kind.scope === 'Namespaced' ? namespace : undefined, name)?.object,
    list: (kind, namespace) =>
      resourceOf(kind)
        .store.all(kind.scope === 'Namespaced' ? namespace : undefined)
        .map((stored) => stored.object),
    store: (kind) => resourceOf(kind).store,

    async create(kind, object, options) {
      const resource = await loaded(kind)
      const complete = withDefaults(kind, canonicalForm(kind, { ...deepCopy(object), kind: kind.kind, apiVersion: resource.apiVersion }))
      const namespace = resource.namespaced ? complete.metadata.namespace : undefined
      return (await createObject(registry, resource, complete, namespace, contextOf('CreateOptions', options))).object
    },

    async update(kind, namespace, name, change, options) {
      const resource = await loaded(kind)
      const context = contextOf('UpdateOptions', options, options?.subresource)
      const { stored } = await updateObject(
        registry,
        resource,
        {
          namespace: resource.namespaced ? namespace : undefined,
          name,
          next: async (current) => {
            const copy = deepCopy(current)
            const changed = await change(copy)
            if (changed === undefined) return deepCopy(current)
            const complete = withDefaults(kind, canonicalForm(kind, changed))
            recordChange(kinds, resource, current, complete, context, registry.now())
            return complete
          },
        },
        context,
      )
      return stored.object
    },

    async delete(kind, namespace, name, options = {}) {
      const resource = await loaded(kind)
      const { gracePeriodSeconds, propagationPolicy, preconditions } = options
      const outcome = await deleteObject(
        registry,
        resource,
        resource.namespaced ? namespace : undefined,
        name,
        { gracePeriodSeconds, propagationPolicy, preconditions, dryRun: options.dryRun ? ['All'] : [] },
        contextOf('DeleteOptions', options),
      )
      return outcome.removed ? undefined : outcome.stored.object
    },

    kinds: () => [...kinds.all()].map((resource) => resource.kind),

    kindOfResource(group, plural, version) {
      for (const candidate of versionsToTry(group, version)) {
        const found = kinds.find(group, candidate, plural)
        if (found) return found.kind
      }
      return undefined
    },

    kindOf(group, name, version) {
      for (const candidate of versionsToTry(group, version)) {
        const found = kinds.members(group, candidate).find(({ kind }) => kind.kind === name)
        if (found) return found.kind
      }
      return undefined
    },
  }
}

function contextOf(
  kind: string,
  options: Pick<InternalWriteOptions, 'user' | 'dryRun' | 'fieldManager'> = {},
  subresource = '',
): WriteContext {
  const { user = systemUser, dryRun = false, fieldManager = ownManager } = options
  return { user, dryRun, fieldManager, subresource, options: { kind, apiVersion: 'meta.k8s.io/v1' }, warn: () => undefined }
}
