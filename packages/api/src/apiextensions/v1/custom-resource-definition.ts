import type { TypeTable } from '../../declaration/type-table.js'

export const customResourceDefinitionTypes = {
  ConversionRequest: {
    uid: ['string!', 1],
    desiredAPIVersion: ['string!', 2],
    objects: ['any[]!', 3],
  },
  ConversionResponse: {
    uid: ['string!', 1],
    convertedObjects: ['any[]!', 2],
    result: ['meta.v1.Status!', 3],
  },
  ConversionReview: {
    $: { object: true },
    request: ['ConversionRequest?', 1],
    response: ['ConversionResponse?', 2],
  },
  CustomResourceColumnDefinition: {
    name: ['string!', 1],
    type: ['string!', 2],
    format: ['string', 3],
    description: ['string', 4],
    priority: ['int32', 5],
    jsonPath: ['string!', 6],
  },
  CustomResourceConversion: {
    strategy: ['ConversionStrategyType!', 1],
    webhook: ['WebhookConversion?', 2],
  },
  CustomResourceDefinition: {
    $: { object: true, about: "A kind of the cluster's own." },
    metadata: ['meta.v1.ObjectMeta', 1],
    spec: ['CustomResourceDefinitionSpec!', 2],
    status: ['CustomResourceDefinitionStatus', 3],
  },
  CustomResourceDefinitionCondition: {
    type: ['CustomResourceDefinitionConditionType!', 1],
    status: ['ConditionStatus!', 2],
    lastTransitionTime: ['Time', 3],
    reason: ['string', 4],
    message: ['string', 5],
    observedGeneration: ['int64', 6, { gate: 'CRDObservedGenerationTracking' }],
  },
  CustomResourceDefinitionNames: {
    plural: ['string!', 1],
    singular: ['string', 2],
    shortNames: ['string[]', 3],
    kind: ['string!', 4],
    listKind: ['string', 5],
    categories: ['string[]', 6],
  },
  CustomResourceDefinitionSpec: {
    group: ['string!', 1, { about: 'API group of the kind.' }],
    names: ['CustomResourceDefinitionNames!', 3, { about: 'What the kind and its resource are called.' }],
    scope: ['ResourceScope!', 4, { about: 'Whether its objects live in namespaces.' }],
    versions: ['CustomResourceDefinitionVersion[]!', 7, { about: 'Versions it is served in; one of them is stored.' }],
    conversion: ['CustomResourceConversion?', 9, { about: 'How objects go from one version to another.' }],
    preserveUnknownFields: ['boolean', 10],
  },
  CustomResourceDefinitionStatus: {
    conditions: ['CustomResourceDefinitionCondition[]', 1, { keys: ['type'], empty: 'encoded' }],
    acceptedNames: ['CustomResourceDefinitionNames', 2, { empty: 'encoded' }],
    storedVersions: ['string[]', 3, { empty: 'encoded' }],
    observedGeneration: ['int64', 4, { gate: 'CRDObservedGenerationTracking' }],
  },
  CustomResourceDefinitionVersion: {
    name: ['string!', 1],
    served: ['boolean!', 2],
    storage: ['boolean!', 3],
    deprecated: ['boolean', 7],
    deprecationWarning: ['string?', 8],
    schema: ['CustomResourceValidation?', 4],
    subresources: ['CustomResourceSubresources?', 5],
    additionalPrinterColumns: ['CustomResourceColumnDefinition[]', 6],
    selectableFields: ['SelectableField[]', 9],
  },
  CustomResourceSubresources: {
    status: ['CustomResourceSubresourceStatus?', 1],
    scale: ['CustomResourceSubresourceScale?', 2],
  },
  CustomResourceSubresourceScale: {
    specReplicasPath: ['string!', 1],
    statusReplicasPath: ['string!', 2],
    labelSelectorPath: ['string?', 3],
  },
  CustomResourceValidation: {
    openAPIV3Schema: ['JSONSchemaProps?', 1],
  },
  SelectableField: {
    jsonPath: ['string!', 1],
  },
  ServiceReference: {
    namespace: ['string!', 1],
    name: ['string!', 2],
    path: ['string?', 3],
    port: ['int32?', 4],
  },
  WebhookClientConfig: {
    url: ['string?', 3],
    service: ['ServiceReference?', 1],
    caBundle: ['bytes', 2],
  },
  WebhookConversion: {
    clientConfig: ['WebhookClientConfig?', 2],
    conversionReviewVersions: ['string[]!', 3],
  },
  ConditionStatus: ['True', 'False', 'Unknown', '*'],
  ConversionStrategyType: ['None', 'Webhook', '*'],
  CustomResourceDefinitionConditionType: [
    'Established',
    'NamesAccepted',
    'NonStructuralSchema',
    'Terminating',
    'KubernetesAPIApprovalPolicyConformant',
    '*',
  ],
  ResourceScope: ['Cluster', 'Namespaced', '*'],
} as const satisfies TypeTable
