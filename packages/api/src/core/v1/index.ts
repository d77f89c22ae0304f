import type { Kind } from '../../kind.js'
import { Binding } from './kinds/binding.js'
import { ComponentStatus } from './kinds/component-status.js'
import { ConfigMap } from './kinds/config-map.js'
import { Endpoints } from './kinds/endpoints.js'
import { Event } from './kinds/event.js'
import { LimitRange } from './kinds/limit-range.js'
import { Namespace } from './kinds/namespace.js'
import { Node } from './kinds/node.js'
import { PersistentVolume } from './kinds/persistent-volume.js'
import { PersistentVolumeClaim } from './kinds/persistent-volume-claim.js'
import { Pod } from './kinds/pod.js'
import { PodTemplate } from './kinds/pod-template.js'
import { ReplicationController } from './kinds/replication-controller.js'
import { ResourceQuota } from './kinds/resource-quota.js'
import { Secret } from './kinds/secret.js'
import { Service } from './kinds/service.js'
import { ServiceAccount } from './kinds/service-account.js'

export * from './kinds/binding.js'
export * from './kinds/component-status.js'
export * from './kinds/config-map.js'
export * from './kinds/endpoints.js'
export * from './kinds/event.js'
export * from './kinds/limit-range.js'
export * from './kinds/namespace.js'
export * from './kinds/node.js'
export * from './kinds/persistent-volume.js'
export * from './kinds/persistent-volume-claim.js'
export * from './kinds/pod.js'
export * from './kinds/pod-template.js'
export * from './kinds/replication-controller.js'
export * from './kinds/resource-quota.js'
export * from './kinds/secret.js'
export * from './kinds/service.js'
export * from './kinds/service-account.js'
export type * from './types.js'

/** In discovery's order. */
export const coreV1Kinds: readonly Kind[] = [
  Binding,
  ComponentStatus,
  ConfigMap,
  Endpoints,
  Event,
  LimitRange,
  Namespace,
  Node,
  PersistentVolume,
  PersistentVolumeClaim,
  Pod,
  PodTemplate,
  ReplicationController,
  ResourceQuota,
  Secret,
  Service,
  ServiceAccount,
]
