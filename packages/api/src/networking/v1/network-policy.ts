import type { TypeTable } from '../../declaration/type-table.js'

export const networkPolicyTypes = {
  IPBlock: {
    cidr: ['string!', 1],
    except: ['string[]', 2],
  },
  NetworkPolicy: {
    $: { object: true },
    metadata: ['meta.v1.ObjectMeta', 1],
    spec: ['NetworkPolicySpec', 2],
  },
  NetworkPolicyEgressRule: {
    ports: ['NetworkPolicyPort[]', 1],
    to: ['NetworkPolicyPeer[]', 2],
  },
  NetworkPolicyIngressRule: {
    ports: ['NetworkPolicyPort[]', 1],
    from: ['NetworkPolicyPeer[]', 2],
  },
  NetworkPolicyPeer: {
    podSelector: ['meta.v1.LabelSelector?', 1],
    namespaceSelector: ['meta.v1.LabelSelector?', 2],
    ipBlock: ['IPBlock?', 3],
  },
  NetworkPolicyPort: {
    protocol: ['core.v1.Protocol?', 1],
    port: ['IntOrString?', 2],
    endPort: ['int32?', 3],
  },
  NetworkPolicySpec: {
    podSelector: ['meta.v1.LabelSelector', 1],
    ingress: ['NetworkPolicyIngressRule[]', 2],
    egress: ['NetworkPolicyEgressRule[]', 3],
    policyTypes: ['PolicyType[]', 4],
  },
  PolicyType: ['Ingress', 'Egress'],
} as const satisfies TypeTable
