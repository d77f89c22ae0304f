import type { TypeTable } from '../../declaration/type-table.js'

export const configurationTypes = {
  ConfigMap: {
    $: { object: true, about: 'Configuration for pods to read.' },
    metadata: ['meta.v1.ObjectMeta', 1],
    immutable: ['boolean?', 4, { about: 'Nothing but metadata can be changed any more.' }],
    data: ['string{}', 2, { about: 'Texts by name.' }],
    binaryData: ['bytes{}', 3, { about: 'Bytes by name, in base64.' }],
  },
  Secret: {
    $: { object: true, about: 'Data not to be shown, such as passwords and keys.' },
    metadata: ['meta.v1.ObjectMeta', 1],
    immutable: ['boolean?', 5, { about: 'Nothing but metadata can be changed any more.' }],
    data: ['bytes{}', 2, { about: 'Bytes by name, in base64.' }],
    stringData: ['string{}', 4, { about: 'Texts to be added to data; only for writing.' }],
    type: ['SecretType', 3, { about: 'What the data is for.' }],
  },
  ServiceAccount: {
    $: { object: true, about: 'An identity for pods.' },
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
