import type { Kind } from '../../kind.js'
import { ControllerRevision } from './kinds/controller-revision.js'
import { DaemonSet } from './kinds/daemon-set.js'
import { Deployment } from './kinds/deployment.js'
import { ReplicaSet } from './kinds/replica-set.js'
import { StatefulSet } from './kinds/stateful-set.js'

export * from './kinds/controller-revision.js'
export * from './kinds/daemon-set.js'
export * from './kinds/deployment.js'
export * from './kinds/replica-set.js'
export * from './kinds/stateful-set.js'
export type * from './types.js'

/** In discovery's order. */
export const appsV1Kinds: readonly Kind[] = [ControllerRevision, DaemonSet, Deployment, ReplicaSet, StatefulSet]
