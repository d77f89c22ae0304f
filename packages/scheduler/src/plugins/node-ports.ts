import type { SchedulerPlugin } from '../framework/plugin.js'
import { unschedulable } from '../framework/status.js'

/** Two pods on a node cannot have the same host port. */
export const nodePorts: SchedulerPlugin = {
  name: 'NodePorts',
  preFilter: ({ pod }) => (pod.hostPorts.length === 0 ? 'skip' : undefined),
  filter({ pod }, node) {
    return pod.hostPorts.some((port) => node.portTaken(port))
      ? unschedulable("node(s) didn't have free ports for the requested pod ports")
      : undefined
  },
  requeueOn: [
    { on: ['node-added'] },
    {
      on: ['pod-deleted'],
      helps: (pod, change) =>
        !('pod' in change) || change.pod.hostPorts.some((freed) => pod.hostPorts.some((port) => port.port === freed.port)),
    },
  ],
}
