import type { Client } from '@treeline/client'
import type { SchedulerPlugin } from '../framework/plugin.js'
import { defaultBinder } from './default-binder.js'
import { imageLocality } from './image-locality.js'
import { interPodAffinity } from './inter-pod-affinity.js'
import { nodeAffinity } from './node-affinity.js'
import { nodeName } from './node-name.js'
import { nodePorts } from './node-ports.js'
import { nodeResourcesBalancedAllocation, nodeResourcesFit } from './node-resources-fit.js'
import { nodeUnschedulable } from './node-unschedulable.js'
import { podTopologySpread } from './pod-topology-spread.js'
import { schedulingGates } from './scheduling-gates.js'
import { taintToleration } from './taint-toleration.js'

/** The default profile, in upstream's order and with its weights. */
export function defaultPlugins(client: Client): readonly { readonly plugin: SchedulerPlugin; readonly weight?: number }[] {
  return [
    { plugin: schedulingGates },
    { plugin: nodeUnschedulable },
    { plugin: nodeName },
    { plugin: taintToleration, weight: 3 },
    { plugin: nodeAffinity, weight: 2 },
    { plugin: nodePorts },
    { plugin: nodeResourcesFit, weight: 1 },
    { plugin: podTopologySpread, weight: 2 },
    { plugin: interPodAffinity, weight: 2 },
    { plugin: nodeResourcesBalancedAllocation, weight: 1 },
    { plugin: imageLocality, weight: 1 },
    { plugin: defaultBinder(client) },
  ]
}
