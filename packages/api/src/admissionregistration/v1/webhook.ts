import type { TypeTable } from '../../declaration/type-table.js'

export const webhookTypes = {
  MatchCondition: {
    name: ['string!', 1],
    expression: ['string!', 2],
  },
  MutatingWebhook: {
    name: ['string!', 1],
    clientConfig: ['WebhookClientConfig!', 2],
    rules: ['RuleWithOperations[]', 3],
    failurePolicy: ['FailurePolicyType?', 4],
    matchPolicy: ['MatchPolicyType?', 9],
    namespaceSelector: ['meta.v1.LabelSelector?', 5],
    objectSelector: ['meta.v1.LabelSelector?', 11],
    sideEffects: ['SideEffectClass?!', 6],
    timeoutSeconds: ['int32?', 7],
    admissionReviewVersions: ['string[]!', 8],
    reinvocationPolicy: ['ReinvocationPolicyType?', 10],
    matchConditions: ['MatchCondition[]', 12, { keys: ['name'], merge: 'name' }],
  },
  MutatingWebhookConfiguration: {
    $: { object: true, about: 'Webhooks that may change objects on their way into the store.' },
    metadata: ['meta.v1.ObjectMeta', 1],
    webhooks: ['MutatingWebhook[]', 2, { keys: ['name'], merge: 'name' }],
  },
  NamedRuleWithOperations: {
    $: { atomic: true },
    resourceNames: ['string[]', 1],
    '...': ['RuleWithOperations', 2],
  },
  Rule: {
    apiGroups: ['string[]', 1],
    apiVersions: ['string[]', 2],
    resources: ['string[]', 3],
    scope: ['ScopeType?', 4],
  },
  RuleWithOperations: {
    operations: ['OperationType[]', 1],
    '...': ['Rule', 2],
  },
  ServiceReference: {
    namespace: ['string!', 1],
    name: ['string!', 2],
    path: ['string?', 3],
    port: ['int32?', 4],
  },
  ValidatingWebhook: {
    name: ['string!', 1],
    clientConfig: ['WebhookClientConfig!', 2],
    rules: ['RuleWithOperations[]', 3],
    failurePolicy: ['FailurePolicyType?', 4],
    matchPolicy: ['MatchPolicyType?', 9],
    namespaceSelector: ['meta.v1.LabelSelector?', 5],
    objectSelector: ['meta.v1.LabelSelector?', 10],
    sideEffects: ['SideEffectClass?!', 6],
    timeoutSeconds: ['int32?', 7],
    admissionReviewVersions: ['string[]!', 8],
    matchConditions: ['MatchCondition[]', 11, { keys: ['name'], merge: 'name' }],
  },
  ValidatingWebhookConfiguration: {
    $: { object: true, about: 'Webhooks that may refuse objects on their way into the store.' },
    metadata: ['meta.v1.ObjectMeta', 1],
    webhooks: ['ValidatingWebhook[]', 2, { keys: ['name'], merge: 'name' }],
  },
  WebhookClientConfig: {
    url: ['string?', 3],
    service: ['ServiceReference?', 1],
    caBundle: ['bytes', 2],
  },
  FailurePolicyType: ['Ignore', 'Fail'],
  // '*' is a value of its own here.
  OperationType: ['*', 'CREATE', 'UPDATE', 'DELETE', 'CONNECT'],
  ReinvocationPolicyType: ['Never', 'IfNeeded'],
  // '*' is a value of its own here.
  ScopeType: ['*', 'Cluster', 'Namespaced'],
  SideEffectClass: ['Unknown', 'None', 'Some', 'NoneOnDryRun'],
} as const satisfies TypeTable
