import type { TypeTable } from '../../declaration/type-table.js'

export const serviceTypes = {
  Service: {
    $: { object: true, about: 'A name and an address in front of pods that come and go.' },
    metadata: ['meta.v1.ObjectMeta', 1],
    spec: ['ServiceSpec', 2],
    status: ['ServiceStatus', 3],
  },
  ServiceSpec: {
    ports: ['ServicePort[]', 1, { keys: ['port', 'protocol'], merge: 'port', about: 'Ports the service listens on.' }],
    selector: ['string{}', 2, { atomic: true, about: 'Labels of the pods behind the service.' }],
    clusterIP: [
      'string',
      3,
      {
        about: 'Its address inside the cluster; None for a headless service.',
      },
    ],
    clusterIPs: ['string[]', 18, { about: 'Its addresses, one of each family.' }],
    type: [
      'ServiceType',
      4,
      { about: 'From where it can be reached: ClusterIP, NodePort, LoadBalancer; ExternalName is an alias in DNS.' },
    ],
    externalIPs: [
      'string[]',
      5,
      {
        about: 'Addresses, not managed by the cluster, at which nodes take traffic for it.',
      },
    ],
    sessionAffinity: ['ServiceAffinity', 7, { about: 'Whether a client is always sent to the same pod.' }],
    loadBalancerIP: ['string', 8],
    loadBalancerSourceRanges: ['string[]', 9],
    externalName: ['string', 10, { about: 'DNS name it is an alias of.' }],
    externalTrafficPolicy: [
      'ServiceExternalTrafficPolicy',
      11,
      { about: 'Whether traffic from outside stays on the node where it arrives.' },
    ],
    healthCheckNodePort: ['int32', 12],
    publishNotReadyAddresses: ['boolean', 13],
    sessionAffinityConfig: ['SessionAffinityConfig?', 14],
    ipFamilies: ['IPFamily[]', 19, { about: 'Address families of the service.' }],
    ipFamilyPolicy: ['IPFamilyPolicy?', 17],
    allocateLoadBalancerNodePorts: ['boolean?', 20],
    loadBalancerClass: ['string?', 21, { about: 'Which implementation serves it.' }],
    internalTrafficPolicy: ['ServiceInternalTrafficPolicy?', 22, { about: 'Whether traffic from inside stays on its node.' }],
    trafficDistribution: ['string?', 23],
  },
  ServicePort: {
    name: ['string', 1, { about: 'Needed when there are several ports.' }],
    protocol: ['Protocol', 2, { default: 'TCP', about: 'TCP, UDP or SCTP.' }],
    appProtocol: ['string?', 6],
    port: ['int32!', 3, { about: 'Port of the service.' }],
    targetPort: ['IntOrString', 4, { about: 'Port of the pods, by number or name.' }],
    nodePort: ['int32', 5, { about: 'Port of every node that leads to the service.' }],
  },
  ServiceStatus: {
    loadBalancer: ['LoadBalancerStatus', 1],
    conditions: ['meta.v1.Condition[]', 2, { keys: ['type'], merge: 'type' }],
  },
  LoadBalancerStatus: {
    ingress: ['LoadBalancerIngress[]', 1],
  },
  LoadBalancerIngress: {
    ip: ['string', 1],
    hostname: ['string', 2],
    ipMode: ['LoadBalancerIPMode?', 3],
    ports: ['PortStatus[]', 4],
  },
  PortStatus: {
    port: ['int32!', 1],
    protocol: ['Protocol!', 2],
    error: ['string?', 3],
  },
  SessionAffinityConfig: {
    clientIP: ['ClientIPConfig?', 1],
  },
  ClientIPConfig: {
    timeoutSeconds: ['int32?', 1],
  },
  Endpoints: {
    $: { object: true, about: 'The addresses behind a service, all in one object. EndpointSlice took its place.' },
    metadata: ['meta.v1.ObjectMeta', 1],
    subsets: ['EndpointSubset[]', 2],
  },
  EndpointSubset: {
    addresses: ['EndpointAddress[]', 1],
    notReadyAddresses: ['EndpointAddress[]', 2],
    ports: ['EndpointPort[]', 3],
  },
  EndpointAddress: {
    $: { atomic: true },
    ip: ['string!', 1],
    hostname: ['string', 3],
    nodeName: ['string?', 4],
    targetRef: ['ObjectReference?', 2],
  },
  EndpointPort: {
    $: { atomic: true },
    name: ['string', 1],
    port: ['int32!', 2],
    protocol: ['Protocol', 3],
    appProtocol: ['string?', 4],
  },
  IPFamily: ['IPv4', 'IPv6', ''],
  IPFamilyPolicy: ['SingleStack', 'PreferDualStack', 'RequireDualStack'],
  LoadBalancerIPMode: ['VIP', 'Proxy', '*'],
  ServiceAffinity: ['ClientIP', 'None'],
  ServiceExternalTrafficPolicy: ['Cluster', 'Local'],
  ServiceInternalTrafficPolicy: ['Cluster', 'Local'],
  ServiceType: ['ClusterIP', 'NodePort', 'LoadBalancer', 'ExternalName'],
} as const satisfies TypeTable
