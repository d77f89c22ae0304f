import { ReplicaSet, ReplicationController } from '@treeline/api'
import type { Clock, ControllerDefinition } from '@treeline/client'
import { compiledSelector, compiledSet } from '../ownership/selectors.js'
import { replicatorController } from './replicator-controller.js'

/** Keeps as many pods as a ReplicaSet asks for. */
export function replicaSetController(clock: Pick<Clock, 'now'>): ControllerDefinition {
  return replicatorController(
    'replicaset-controller',
    { kind: ReplicaSet, selectorOf: (set) => compiledSelector(set.spec?.selector), countsTerminating: true },
    clock,
  )
}

/** The same for the older ReplicationController. */
export function replicationController(clock: Pick<Clock, 'now'>): ControllerDefinition {
  return replicatorController(
    'replication-controller',
    { kind: ReplicationController, selectorOf: (controller) => compiledSet(controller.spec?.selector), countsTerminating: false },
    clock,
  )
}
