import type { TypeTable } from '../../declaration/type-table.js'

export const ingressTypes = {
  HTTPIngressPath: {
    path: ['string', 1],
    pathType: ['PathType?!', 3],
    backend: ['IngressBackend!', 2],
  },
  HTTPIngressRuleValue: {
    paths: ['HTTPIngressPath[]!', 1],
  },
  Ingress: {
    $: { object: true, about: 'Rules by which HTTP requests from outside reach services.' },
    metadata: ['meta.v1.ObjectMeta', 1],
    spec: ['IngressSpec', 2],
    status: ['IngressStatus', 3],
  },
  IngressBackend: {
    service: ['IngressServiceBackend?', 4],
    resource: ['core.v1.TypedLocalObjectReference?', 3],
  },
  IngressClass: {
    $: { object: true, about: 'A way of serving Ingresses, and the controller that does.' },
    metadata: ['meta.v1.ObjectMeta', 1],
    spec: ['IngressClassSpec', 2],
  },
  IngressClassParametersReference: {
    apiGroup: ['string?', 1],
    kind: ['string!', 2],
    name: ['string!', 3],
    scope: ['string?', 4, { empty: 'encoded' }],
    namespace: ['string?', 5],
  },
  IngressClassSpec: {
    controller: ['string', 1],
    parameters: ['IngressClassParametersReference?', 2],
  },
  IngressLoadBalancerIngress: {
    ip: ['string', 1],
    hostname: ['string', 2],
    ports: ['IngressPortStatus[]', 4],
  },
  IngressLoadBalancerStatus: {
    ingress: ['IngressLoadBalancerIngress[]', 1],
  },
  IngressPortStatus: {
    port: ['int32!', 1],
    protocol: ['core.v1.Protocol!', 2],
    error: ['string?', 3],
  },
  IngressRule: {
    host: ['string', 1],
    '...': ['IngressRuleValue', 2],
  },
  IngressRuleValue: {
    http: ['HTTPIngressRuleValue?', 1],
  },
  IngressServiceBackend: {
    name: ['string!', 1],
    port: ['ServiceBackendPort', 2],
  },
  IngressSpec: {
    ingressClassName: ['string?', 4, { about: 'Who serves it.' }],
    defaultBackend: ['IngressBackend?', 1, { about: 'Where all others go.' }],
    tls: ['IngressTLS[]', 2, { about: 'Certificates by host name.' }],
    rules: ['IngressRule[]', 3, { about: 'Which requests go where.' }],
  },
  IngressStatus: {
    loadBalancer: ['IngressLoadBalancerStatus', 1],
  },
  IngressTLS: {
    hosts: ['string[]', 1],
    secretName: ['string', 2],
  },
  ServiceBackendPort: {
    $: { atomic: true },
    name: ['string', 1],
    number: ['int32', 2],
  },
  PathType: ['Exact', 'Prefix', 'ImplementationSpecific'],
} as const satisfies TypeTable
