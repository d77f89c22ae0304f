import type { Node } from '@treeline/api'
import type { AdmissionPlugin } from './admission.js'
import { isAbout } from './refusal.js'

const notReady = { key: 'node.kubernetes.io/not-ready', effect: 'NoSchedule' } as const

/** A new node takes no pods until the node lifecycle controller has seen it ready. */
export const taintNodesByCondition: AdmissionPlugin = {
  name: 'TaintNodesByCondition',
  admit(attributes) {
    if (attributes.operation !== 'CREATE' || !isAbout(attributes, 'nodes')) return
    const node = attributes.object as Node
    node.spec ??= {}
    if (node.spec.taints?.some(({ key, effect }) => key === notReady.key && effect === notReady.effect)) return
    node.spec.taints = [...(node.spec.taints ?? []), { ...notReady }]
  },
}
