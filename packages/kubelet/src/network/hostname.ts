import type { AssignedPod } from '../assigned-pod.js'

const longestLabel = 63

/** Name and domain of a pod. Throws when the whole name is asked for and does not fit the kernel. */
export function podHostname(pod: AssignedPod, clusterDomain: string): { hostname: string; domain: string; kernelName: string } {
  const { hostname: wanted, subdomain, setHostnameAsFQDN, hostnameOverride } = pod.spec
  if (hostnameOverride) return { hostname: hostnameOverride, domain: '', kernelName: hostnameOverride }
  const hostname = wanted || pod.metadata.name.slice(0, longestLabel).replace(/[-.]+$/, '')
  const domain = subdomain ? `${subdomain}.${pod.metadata.namespace}.svc.${clusterDomain}` : ''
  if (!setHostnameAsFQDN || domain === '') return { hostname, domain, kernelName: hostname }
  const whole = `${hostname}.${domain}`
  if (whole.length > 64)
    throw new Error(
      `failed to construct FQDN from pod hostname and cluster domain, FQDN ${whole} is too long (64 characters is the max, ${whole.length} characters requested)`,
    )
  return { hostname, domain, kernelName: whole }
}
