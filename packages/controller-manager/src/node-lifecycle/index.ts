import type { Clock, ControllerDefinition } from '@treeline/client'
import { type NodeMonitorOptions, nodeMonitor } from './node-monitor.js'
import { nodeTaintsController } from './node-taints.js'
import { unreadyPodsController } from './unready-pods.js'

/** What becomes of nodes: their taints follow their conditions, silent ones are noticed, their pods are not ready. */
export function nodeLifecycleControllers(clock: Pick<Clock, 'now'>, options: NodeMonitorOptions): ControllerDefinition[] {
  return [nodeMonitor(clock, options), nodeTaintsController(), unreadyPodsController()]
}

export type { NodeMonitorOptions }
