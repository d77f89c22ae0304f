import type { DefaultsTable } from '../../declaration/defaults.js'

export const networkingDefaults: DefaultsTable = {
  'networking.v1.NetworkPolicyPort': { protocol: 'TCP' },
  'networking.v1.NetworkPolicySpec': (spec) => {
    if (!spec.policyTypes?.length) spec.policyTypes = spec.egress?.length ? ['Ingress', 'Egress'] : ['Ingress']
  },
  'networking.v1.IngressClassParametersReference': { scope: 'Cluster' },
  'discovery.v1.EndpointPort': { name: '', protocol: 'TCP' },
}
