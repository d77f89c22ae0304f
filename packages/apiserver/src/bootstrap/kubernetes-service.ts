import { Service } from '@treeline/api'
import { deepEqual } from '@treeline/machinery'
import type { ApiInternals } from '../registry/internals.js'
import { ensure } from './ensure.js'

export interface KubernetesServiceOptions {
  /** First usable address of the service range. */
  readonly address: string
  readonly securePort: number
}

/** Makes the Service default/kubernetes, and leads it to the port the server listens on now. */
export async function ensureKubernetesService(internals: ApiInternals, options: KubernetesServiceOptions): Promise<void> {
  const ports = [{ name: 'https', port: 443, protocol: 'TCP' as const, targetPort: options.securePort }]
  const family = options.address.includes(':') ? ('IPv6' as const) : ('IPv4' as const)
  const wanted: Service = {
    metadata: { name: 'kubernetes', namespace: 'default', labels: { component: 'apiserver', provider: 'kubernetes' } },
    spec: {
      type: 'ClusterIP',
      clusterIP: options.address,
      clusterIPs: [options.address],
      ipFamilies: [family],
      ipFamilyPolicy: 'SingleStack',
      ports,
      sessionAffinity: 'None',
    },
  }
  await ensure(internals, Service, wanted, (current) =>
    deepEqual(current.spec?.ports, ports) ? undefined : { ...current, spec: { ...current.spec, ports } },
  )
}
