import type { TypeTable } from '../../declaration/type-table.js'

export const validatingAdmissionPolicyTypes = {
  AuditAnnotation: {
    key: ['string!', 1],
    valueExpression: ['string!', 2],
  },
  ExpressionWarning: {
    fieldRef: ['string!', 2],
    warning: ['string!', 3],
  },
  MatchResources: {
    $: { atomic: true },
    namespaceSelector: ['meta.v1.LabelSelector?', 1],
    objectSelector: ['meta.v1.LabelSelector?', 2],
    resourceRules: ['NamedRuleWithOperations[]', 3],
    excludeResourceRules: ['NamedRuleWithOperations[]', 4],
    matchPolicy: ['MatchPolicyType?', 7],
  },
  ParamKind: {
    $: { atomic: true },
    apiVersion: ['string', 1],
    kind: ['string', 2],
  },
  ParamRef: {
    $: { atomic: true },
    name: ['string', 1],
    namespace: ['string', 2],
    selector: ['meta.v1.LabelSelector?', 3],
    parameterNotFoundAction: ['ParameterNotFoundActionType?', 4],
  },
  TypeChecking: {
    expressionWarnings: ['ExpressionWarning[]', 1],
  },
  ValidatingAdmissionPolicy: {
    $: { object: true, about: 'Rules, as expressions, that objects must keep to be stored; in force where a binding says so.' },
    metadata: ['meta.v1.ObjectMeta', 1],
    spec: ['ValidatingAdmissionPolicySpec', 2],
    status: ['ValidatingAdmissionPolicyStatus', 3],
  },
  ValidatingAdmissionPolicyBinding: {
    $: { object: true, about: 'Where a policy is in force, with which parameters.' },
    metadata: ['meta.v1.ObjectMeta', 1],
    spec: ['ValidatingAdmissionPolicyBindingSpec', 2],
  },
  ValidatingAdmissionPolicyBindingSpec: {
    policyName: ['string', 1],
    paramRef: ['ParamRef?', 2],
    matchResources: ['MatchResources?', 3],
    validationActions: ['ValidationAction[]', 4, { set: true }],
  },
  ValidatingAdmissionPolicySpec: {
    paramKind: ['ParamKind?', 1],
    matchConstraints: ['MatchResources?', 2],
    validations: ['Validation[]', 3],
    failurePolicy: ['FailurePolicyType?', 4],
    auditAnnotations: ['AuditAnnotation[]', 5],
    matchConditions: ['MatchCondition[]', 6, { keys: ['name'], merge: 'name' }],
    variables: ['Variable[]', 7, { keys: ['name'], merge: 'name' }],
  },
  ValidatingAdmissionPolicyStatus: {
    observedGeneration: ['int64', 1],
    typeChecking: ['TypeChecking?', 2],
    conditions: ['meta.v1.Condition[]', 3, { keys: ['type'] }],
  },
  Validation: {
    expression: ['string!', 1],
    message: ['string', 2],
    reason: ['meta.v1.StatusReason?', 3],
    messageExpression: ['string', 4],
  },
  Variable: {
    $: { atomic: true },
    name: ['string!', 1],
    expression: ['string!', 2],
  },
  MatchPolicyType: ['Exact', 'Equivalent'],
  ParameterNotFoundActionType: ['Allow', 'Deny', '*'],
  ValidationAction: ['Deny', 'Warn', 'Audit'],
} as const satisfies TypeTable
