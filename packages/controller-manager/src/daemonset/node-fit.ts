import type { DaemonSet, Node } from '@treeline/api'
import { admitsNode } from '../nodes/node-affinity.js'
import { tolerates } from '../nodes/tolerations.js'
import { daemonTolerations } from './daemon-pod.js'

export interface NodeFit {
  /** A pod should be started there. */
  readonly run: boolean
  /** A pod that is there may stay. */
  readonly stay: boolean
}

const unfit: NodeFit = { run: false, stay: false }

/** What a set wants of a node. NoSchedule taints keep pods from coming, NoExecute ones from staying. */
export function fitOf(set: DaemonSet, node: Node): NodeFit {
  const spec = set.spec?.template.spec
  if (!spec || (spec.nodeName && spec.nodeName !== node.metadata.name) || !admitsNode(spec, node)) return unfit
  const tolerations = daemonTolerations(spec)
  const objecting = (node.spec?.taints ?? []).filter(
    (taint) => taint.effect !== 'PreferNoSchedule' && !tolerations.some((toleration) => tolerates(toleration, taint)),
  )
  if (objecting.length === 0) return { run: true, stay: true }
  return { run: false, stay: !objecting.some(({ effect }) => effect === 'NoExecute') }
}
