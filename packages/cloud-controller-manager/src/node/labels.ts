import type { Node } from '@treeline/api'
import type { InstanceMetadata } from '@treeline/cloud-provider'

/** Each cloud label twice: under its beta name, which repairs the stable one, and its stable name. */
const pairs = [
  { beta: 'beta.kubernetes.io/instance-type', stable: 'node.kubernetes.io/instance-type', of: (m: InstanceMetadata) => m.instanceType },
  { beta: 'failure-domain.beta.kubernetes.io/zone', stable: 'topology.kubernetes.io/zone', of: (m: InstanceMetadata) => m.zone },
  { beta: 'failure-domain.beta.kubernetes.io/region', stable: 'topology.kubernetes.io/region', of: (m: InstanceMetadata) => m.region },
] as const

const reserved = /(^|\.)(kubernetes|k8s)\.io\//

/** The node's labels after initialisation: the cloud's own overwrite, additional ones never do. */
export function initialLabels(node: Node, metadata: InstanceMetadata, dropped: (key: string) => void): Record<string, string> {
  const labels: Record<string, string> = { ...node.metadata.labels }
  for (const { beta, stable, of } of pairs) {
    const value = of(metadata)
    if (value !== '') labels[beta] = labels[stable] = value
  }
  for (const [key, value] of Object.entries(metadata.additionalLabels ?? {})) {
    if (reserved.test(key)) dropped(key)
    else if (!(key in labels)) labels[key] = value
  }
  return labels
}

/** Stable labels that have drifted from their beta twin; empty when all is well. */
export function labelRepairs(node: Node): Record<string, string> {
  const labels = node.metadata.labels ?? {}
  const repairs: Record<string, string> = {}
  for (const { beta, stable } of pairs) {
    const value = labels[beta]
    if (value !== undefined && labels[stable] !== value) repairs[stable] = value
  }
  return repairs
}
