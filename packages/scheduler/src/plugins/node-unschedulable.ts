import type { SchedulerPlugin } from '../framework/plugin.js'
import { unresolvable } from '../framework/status.js'
import { tolerates } from './tolerations.js'

const taint = { key: 'node.kubernetes.io/unschedulable', value: '', effect: 'NoSchedule' } as const

/** Keeps pods off cordoned nodes. */
export const nodeUnschedulable: SchedulerPlugin = {
  name: 'NodeUnschedulable',
  filter({ pod }, node) {
    if (!node.node?.spec?.unschedulable) return undefined
    if (pod.pod.spec?.tolerations?.some((toleration) => tolerates(toleration, taint))) return undefined
    return unresolvable('node(s) were unschedulable')
  },
  requeueOn: [{ on: ['node-added', 'node-taints'], helps: (_pod, change) => 'node' in change && !change.node.node?.spec?.unschedulable }],
}
