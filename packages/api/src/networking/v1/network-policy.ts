import type { TypeTable } from '../../declaration/type-table.js'

export const networkPolicyTypes = {
  IPBlock: {
    cidr: ['string!', 1],
    except: ['string[]', 2],
  },
  NetworkPolicy: {
    $: { object: true, about: 'Which traffic pods take and send.' },
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
    podSelector: ['meta.v1.LabelSelector', 1, { about: 'Pods it is for.' }],
    ingress: ['NetworkPolicyIngressRule[]', 2, { about: 'What traffic they take.' }],
    egress: ['NetworkPolicyEgressRule[]', 3, { about: 'What traffic they send.' }],
    policyTypes: ['PolicyType[]', 4, { about: 'Which of the two directions it restricts.' }],
  },
  PolicyType: ['Ingress', 'Egress'],
} as const satisfies TypeTable
