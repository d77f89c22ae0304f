import type { SchedulerPlugin } from '../framework/plugin.js'
import { unresolvable } from '../framework/status.js'

/** Holds a pod back while it has scheduling gates. */
export const schedulingGates: SchedulerPlugin = {
  name: 'SchedulingGates',
  preEnqueue({ pod }) {
    const gates = pod.spec?.schedulingGates ?? []
    return gates.length === 0 ? undefined : unresolvable(`waiting for scheduling gates: [${gates.map((gate) => gate.name).join(' ')}]`)
  },
  requeueOn: [],
}
