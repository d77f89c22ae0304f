import type { SchedulerPlugin } from '../framework/plugin.js'
import { unresolvable } from '../framework/status.js'
import { normaliseByMax } from './normalise.js'
import { tolerates, untolerated } from './tolerations.js'

/** Keeps pods off nodes with taints they do not tolerate, and prefers nodes with fewer soft ones. */
export const taintToleration: SchedulerPlugin = {
  name: 'TaintToleration',
  filter({ pod }, node) {
    if (node.taints.length === 0) return undefined
    return untolerated(node.taints, pod.pod.spec?.tolerations ?? [], ['NoSchedule', 'NoExecute'])
      ? unresolvable('node(s) had untolerated taint(s)')
      : undefined
  },
  score({ pod }, node) {
    if (node.taints.length === 0) return 0
    const tolerations = (pod.pod.spec?.tolerations ?? []).filter(
      (toleration) => !toleration.effect || toleration.effect === 'PreferNoSchedule',
    )
    return node.taints.filter(
      (taint) => taint.effect === 'PreferNoSchedule' && !tolerations.some((toleration) => tolerates(toleration, taint)),
    ).length
  },
  normalise: (_cycle, scores) => normaliseByMax(scores, true),
  requeueOn: [{ on: ['node-added', 'node-taints'] }],
}
