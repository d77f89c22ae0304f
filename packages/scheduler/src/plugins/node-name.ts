import type { SchedulerPlugin } from '../framework/plugin.js'
import { unresolvable } from '../framework/status.js'

/** A pod that names its node goes there and nowhere else. */
export const nodeName: SchedulerPlugin = {
  name: 'NodeName',
  filter({ pod }, node) {
    const wanted = pod.pod.spec?.nodeName
    return !wanted || wanted === node.name ? undefined : unresolvable("node(s) didn't match the requested node name")
  },
  requeueOn: [{ on: ['node-added'] }],
}
