import type { Pod, Toleration } from '@treeline/api'
import type { AdmissionPlugin } from './admission.js'
import { isAbout } from './refusal.js'

/** Taints a pod tolerates for five minutes unless it says otherwise. */
const keys = ['node.kubernetes.io/not-ready', 'node.kubernetes.io/unreachable']
const tolerationSeconds = 300

/** Pods stay for five minutes on a node that is not ready or cannot be reached. */
export const defaultTolerationSeconds: AdmissionPlugin = {
  name: 'DefaultTolerationSeconds',
  admit(attributes) {
    if (attributes.operation === 'DELETE' || !attributes.object || !isAbout(attributes, 'pods')) return
    const { spec } = attributes.object as Pod
    if (!spec) return
    for (const key of keys) {
      if (spec.tolerations?.some((toleration) => tolerates(toleration, key))) continue
      spec.tolerations = [...(spec.tolerations ?? []), { key, operator: 'Exists', effect: 'NoExecute', tolerationSeconds }]
    }
  },
}

const tolerates = (toleration: Toleration, key: string): boolean =>
  (!toleration.key || toleration.key === key) && (!toleration.effect || toleration.effect === 'NoExecute')
