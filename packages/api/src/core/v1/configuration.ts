import type { TypeTable } from '../../declaration/type-table.js'

export const configurationTypes = {
  ConfigMap: {
    $: { object: true },
    metadata: ['meta.v1.ObjectMeta', 1],
    immutable: ['boolean?', 4],
    data: ['string{}', 2],
    binaryData: ['bytes{}', 3],
  },
  Secret: {
    $: { object: true },
    metadata: ['meta.v1.ObjectMeta', 1],
    immutable: ['boolean?', 5],
    data: ['bytes{}', 2],
    stringData: ['string{}', 4],
    type: ['SecretType', 3],
  },
  ServiceAccount: {
    $: { object: true },
    metadata: ['meta.v1.ObjectMeta', 1],
    secrets: ['ObjectReference[]', 2, { keys: ['name'], merge: 'name' }],
    imagePullSecrets: ['LocalObjectReference[]', 3],
    automountServiceAccountToken: ['boolean?', 4],
  },
  LocalObjectReference: {
    $: { atomic: true },
    name: ['string', 1],
  },
  ObjectReference: {
    $: { atomic: true },
    kind: ['string', 1],
    namespace: ['string', 2],
    name: ['string', 3],
    uid: ['string', 4],
    apiVersion: ['string', 5],
    resourceVersion: ['string', 6],
    fieldPath: ['string', 7],
  },
  SecretReference: {
    $: { atomic: true },
    name: ['string', 1],
    namespace: ['string', 2],
  },
  SecretType: [
    'Opaque',
    'kubernetes.io/service-account-token',
    'kubernetes.io/dockercfg',
    'kubernetes.io/dockerconfigjson',
    'kubernetes.io/basic-auth',
    'kubernetes.io/ssh-auth',
    'kubernetes.io/tls',
    'bootstrap.kubernetes.io/token',
    '*',
  ],
} as const satisfies TypeTable
