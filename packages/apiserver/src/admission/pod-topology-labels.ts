import { type Binding, Node, type Pod } from '@treeline/api'
import type { ApiInternals } from '../registry/internals.js'
import type { AdmissionPlugin } from './admission.js'
import { isAbout } from './refusal.js'

const topologyLabels = ['topology.kubernetes.io/zone', 'topology.kubernetes.io/region']

/** A pod carries the zone and region of the node it is bound to. */
export function podTopologyLabels(internals: ApiInternals): AdmissionPlugin {
  const labelsOf = (nodeName: string): Record<string, string> => {
    const labels = internals.get(Node, undefined, nodeName)?.metadata.labels ?? {}
    return Object.fromEntries(topologyLabels.flatMap((key) => (labels[key] === undefined ? [] : [[key, labels[key]]])))
  }
  const add = (object: Pod | Binding, nodeName: string): void => {
    const labels = labelsOf(nodeName)
    if (Object.keys(labels).length > 0) object.metadata.labels = { ...object.metadata.labels, ...labels }
  }
  return {
    name: 'PodTopologyLabels',
    admit(attributes) {
      if (attributes.operation !== 'CREATE') return
      if (isAbout(attributes, 'pods')) {
        const pod = attributes.object as Pod
        if (pod.spec?.nodeName) add(pod, pod.spec.nodeName)
      }
      if (isAbout(attributes, 'pods', 'binding')) {
        const binding = attributes.object as Binding
        if (binding.target.kind === 'Node') add(binding, binding.target.name ?? '')
      }
    },
  }
}
