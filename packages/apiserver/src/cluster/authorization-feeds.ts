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
import { NodeRelations } from '../authorization/node-relations.js'
import { RoleRules } from '../authorization/role-rules.js'
import { follow } from '../registry/follow.js'
import type { ApiInternals } from '../registry/internals.js'

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
