import {
  ClusterRole,
  ClusterRoleBinding,
  type Kind,
  PersistentVolume,
  PersistentVolumeClaim,
  Pod,
  ResourceSlice,
  Role,
  RoleBinding,
  VolumeAttachment,
} from '@treeline/api'
import type { KubernetesObject } from '@treeline/machinery'
import { NodeRelations } from '../authorization/node-relations.js'
import { RoleRules } from '../authorization/role-rules.js'
import type { ApiInternals } from '../registry/internals.js'
import type { StoredEvent } from '../resource-store/resource-store.js'

/** What the authorizers know of the cluster, kept true by watching it. */
export interface AuthorizationFeeds {
  readonly roleRules: RoleRules
  readonly nodeRelations: NodeRelations
  close(): void
}

export function authorizationFeeds(internals: ApiInternals): AuthorizationFeeds {
  const roleRules = new RoleRules({
    clusterRole: (name) => internals.get(ClusterRole, undefined, name),
    role: (namespace, name) => internals.get(Role, namespace, name),
    clusterRoleBindings: () => internals.list(ClusterRoleBinding),
    roleBindings: (namespace) => internals.list(RoleBinding, namespace),
  })
  const nodeRelations = new NodeRelations({
    persistentVolume: (name) => internals.get(PersistentVolume, undefined, name),
    volumeOfClaim(namespace, name) {
      const volume = internals.get(PersistentVolumeClaim, namespace, name)?.spec?.volumeName
      return volume ? internals.get(PersistentVolume, undefined, volume) : undefined
    },
    volumeAttachment: (name) => internals.get(VolumeAttachment, undefined, name),
    resourceSlice: (name) => internals.get(ResourceSlice, undefined, name),
  })
  const stops = [
    ...[ClusterRole, ClusterRoleBinding].map((kind) =>
      follow(internals, kind as Kind, { event: () => roleRules.changed(), reset: () => roleRules.reset() }),
    ),
    ...[Role, RoleBinding].map((kind) =>
      follow(internals, kind as Kind, {
        event: ({ stored }) => roleRules.changed(stored.object.metadata.namespace ?? ''),
        reset: () => roleRules.reset(),
      }),
    ),
    follow(internals, Pod, {
      event: ({ type, stored }) => (type === 'DELETED' ? nodeRelations.removePod(stored.object) : nodeRelations.setPod(stored.object)),
      reset: () => nodeRelations.clear(),
    }),
  ]
  const close = (): void => {
    for (const stop of stops) stop()
  }
  return { roleRules, nodeRelations, close }
}

interface Follower<T extends KubernetesObject> {
  event(event: StoredEvent<T>): void
  /** History is lost: forget, everything is told again. */
  reset(): void
}

/** Tells of every object of a kind and of every change, again from the start whenever the watch ends. */
function follow<T extends KubernetesObject>(internals: ApiInternals, kind: Kind<T>, follower: Follower<T>): () => void {
  let stopped = false
  let subscription: { stop(): void } | undefined
  const begin = (): void => {
    follower.reset()
    subscription = internals.store(kind).watch({
      sendInitialEvents: true,
      onEvents: (events) => {
        for (const event of events) if (event.type !== 'BOOKMARK') follower.event(event)
      },
      onEnd: () => {
        if (!stopped) setImmediate(begin)
      },
    })
  }
  begin()
  return () => {
    stopped = true
    subscription?.stop()
  }
}
