/** Labels of upstream's domains that a kubelet may set on its node. */
const kubeletLabels = new Set([
  'kubernetes.io/hostname',
  'topology.kubernetes.io/zone',
  'topology.kubernetes.io/region',
  'failure-domain.beta.kubernetes.io/zone',
  'failure-domain.beta.kubernetes.io/region',
  'beta.kubernetes.io/instance-type',
  'node.kubernetes.io/instance-type',
  'kubernetes.io/os',
  'kubernetes.io/arch',
  'beta.kubernetes.io/os',
  'beta.kubernetes.io/arch',
])

/** Domains (with their subdomains) in which a kubelet may set any label. */
const kubeletDomains = ['kubelet.kubernetes.io', 'node.kubernetes.io']

type Labels = Readonly<Record<string, string>>

/** Labels that differ and that a node must not change, by which it could draw pods to itself; sorted. */
export function forbiddenLabels(labels: Labels = {}, before: Labels = {}): string[] {
  const changed = [...new Set([...Object.keys(labels), ...Object.keys(before)])].filter((key) => labels[key] !== before[key])
  return changed.filter(isForbidden).sort()
}

const isForbidden = (key: string): boolean => {
  const domain = key.includes('/') ? (key.split('/', 1)[0] ?? '') : ''
  if (isWithin(domain, 'node-restriction.kubernetes.io')) return true
  const reserved = isWithin(domain, 'kubernetes.io') || isWithin(domain, 'k8s.io')
  return reserved && !kubeletLabels.has(key) && !kubeletDomains.some((allowed) => isWithin(domain, allowed))
}

const isWithin = (domain: string, parent: string): boolean => domain === parent || domain.endsWith(`.${parent}`)
