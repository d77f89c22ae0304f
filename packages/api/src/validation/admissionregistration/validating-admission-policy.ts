import {
  FieldPath,
  validateDns1035Label,
  validateDnsSubdomain,
  validateLabelSelector,
  validatePathSegmentName,
  validateQualifiedName,
} from '@treeline/machinery'
import type { TypeOf } from '../../declaration/type-of.js'
import type { Validation } from '../../declaration/validations.js'
import { checkConditions } from '../conditions.js'
import { type Findings, findingsOf, forEachItem } from '../findings.js'
import { sameValue } from '../immutable.js'
import { checkMatchConditions } from './match-conditions.js'
import { checkNamedRule } from './rules.js'

type Policy = TypeOf<'admissionregistration.v1.ValidatingAdmissionPolicy'>
type PolicySpec = NonNullable<Policy['spec']>
type Binding = TypeOf<'admissionregistration.v1.ValidatingAdmissionPolicyBinding'>

const path = FieldPath.root('spec')
const status = FieldPath.root('status')

/** The structure of policies; their expressions are compiled where they are evaluated. */
export const validatingAdmissionPolicyValidation: Validation<Policy> = {
  validate: (policy) => findingsOf((found) => checkPolicy(found, policy, false)),
  validateUpdate: (policy, old) =>
    findingsOf((found) => {
      const known =
        sameValue(policy.spec?.paramKind, old.spec?.paramKind) && sameValue(policy.spec?.matchConditions, old.spec?.matchConditions)
      checkPolicy(found, policy, known)
    }),
  validateStatusUpdate: ({ status: current }) =>
    findingsOf((found) => {
      forEachItem(
        current?.typeChecking?.expressionWarnings,
        status.child('typeChecking', 'expressionWarnings'),
        ({ warning, fieldRef }, at) => {
          if (!warning) found.required(at.child('warning'))
          if (!fieldRef?.trim()) found.required(at.child('fieldRef'))
        },
      )
      checkConditions(found, current?.conditions, status.child('conditions'))
    }),
}

const failurePolicies = ['Fail', 'Ignore']
const matchPolicies = ['Equivalent', 'Exact']
const maxAuditAnnotations = 20

function checkPolicy(found: Findings, { metadata, spec = {} }: Policy, knownConditions: boolean): void {
  requireGiven(found, spec.failurePolicy, failurePolicies, path.child('failurePolicy'))
  if (spec.paramKind) checkParamKind(found, spec.paramKind, path.child('paramKind'))
  const constraints = path.child('matchConstraints')
  if (!spec.matchConstraints) found.required(constraints)
  else {
    checkMatchResources(found, spec.matchConstraints, constraints)
    if (!spec.matchConstraints.resourceRules?.length) found.required(constraints.child('resourceRules'))
  }
  if (!knownConditions) checkMatchConditions(found, spec.matchConditions, path.child('matchConditions'))
  forEachItem(spec.variables, path.child('variables'), ({ name, expression }, at) => {
    if (!name?.trim()) found.required(at.child('name'), 'name is not specified')
    else if (!isExpressionIdentifier(name)) found.invalid(at.child('name'), name, 'must be a valid CEL identifier')
    if (!expression?.trim()) found.required(at.child('expression'), 'expression is not specified')
  })
  checkRules(found, spec, metadata.name ?? '')
}

function checkRules(found: Findings, { validations, auditAnnotations }: PolicySpec, policyName: string): void {
  if (!validations?.length && !auditAnnotations?.length) {
    for (const field of ['validations', 'auditAnnotations']) {
      found.required(path.child(field), 'validations or auditAnnotations must contain at least one item')
    }
    return
  }
  forEachItem(validations, path.child('validations'), (validation, at) => checkValidation(found, validation, at))
  const at = path.child('auditAnnotations')
  if ((auditAnnotations?.length ?? 0) > maxAuditAnnotations) {
    found.invalid(at, auditAnnotations, `must not have more than ${maxAuditAnnotations} auditAnnotations`)
  }
  const keys = new Set<string>()
  forEachItem(auditAnnotations, at, ({ key, valueExpression }, here) => {
    checkAuditAnnotation(found, policyName, key, valueExpression, here)
    if (keys.has(key)) found.duplicate(here.child('key'), key)
    keys.add(key)
  })
}

const reasons = ['Forbidden', 'Invalid', 'RequestEntityTooLarge']

function checkValidation(found: Findings, validation: TypeOf<'admissionregistration.v1.Validation'>, at: FieldPath): void {
  const { expression, message = '', messageExpression = '', reason } = validation
  if (!expression?.trim()) found.required(at.child('expression'), 'expression is not specified')
  if (messageExpression !== '' && messageExpression.trim() === '') {
    found.invalid(at.child('messageExpression'), messageExpression, 'must be non-empty if specified')
  }
  if (message !== '' && message.trim() === '') found.invalid(at.child('message'), message, 'must be non-empty if specified')
  else if (/[\n\r]/.test(message.trim())) found.invalid(at.child('message'), message, 'must not contain line breaks')
  if (reason !== undefined && !reasons.includes(reason)) found.notSupported(at.child('reason'), reason, reasons)
}

const longestValueExpression = 5 * 1024

function checkAuditAnnotation(found: Findings, policy: string, key: string, expression: string | undefined, at: FieldPath): void {
  if (policy === '') found.invalid(at.child('key'), key, 'requires metadata.name be non-empty')
  else found.each(at.child('key'), `${policy}/${key}`, validateQualifiedName(`${policy}/${key}`))
  const length = Buffer.byteLength(expression?.trim() ?? '')
  if (length === 0) found.required(at.child('valueExpression'), 'valueExpression is not specified')
  else if (length > longestValueExpression) {
    found.required(at.child('valueExpression'), `must not exceed ${longestValueExpression} bytes in length`)
  }
}

const reserved: ReadonlySet<string> = new Set(
  'true false null in as break const continue else for function if import let loop package namespace return var void while'.split(' '),
)

const isExpressionIdentifier = (name: string): boolean => /^[_a-zA-Z][_a-zA-Z0-9]*$/.test(name) && !reserved.has(name)

function requireGiven(found: Findings, value: string | undefined, supported: readonly string[], at: FieldPath): void {
  if (value === undefined) found.required(at)
  else if (!supported.includes(value)) found.notSupported(at, value, supported)
}

function checkParamKind(
  found: Findings,
  { apiVersion = '', kind = '' }: TypeOf<'admissionregistration.v1.ParamKind'>,
  at: FieldPath,
): void {
  const here = at.child('apiVersion')
  const parts = apiVersion === '/' ? [''] : apiVersion.split('/')
  const [group, version] = parts.length === 2 ? parts : ['', parts[0]]
  if (apiVersion === '') found.required(here)
  else if (parts.length > 2) found.invalid(here, apiVersion, `unexpected GroupVersion string: ${apiVersion}`)
  else {
    const ofGroup = group ? validateDnsSubdomain(group) : []
    if (ofGroup.length > 0) found.invalid(here, group, ofGroup.join(','))
    const ofVersion = version ? validateDns1035Label(version) : []
    if (!version) found.invalid(here, apiVersion, 'version must be specified')
    else if (ofVersion.length > 0) found.invalid(here, version, ofVersion.join(','))
  }
  const ofKind = kind === '' ? [] : validateDns1035Label(kind.toLowerCase())
  if (kind === '') found.required(at.child('kind'))
  else if (ofKind.length > 0) {
    found.invalid(at.child('kind'), kind, `may have mixed case, but should otherwise match: ${ofKind.join(',')}`)
  }
}

function checkMatchResources(found: Findings, match: TypeOf<'admissionregistration.v1.MatchResources'>, at: FieldPath): void {
  requireGiven(found, match.matchPolicy, matchPolicies, at.child('matchPolicy'))
  for (const field of ['namespaceSelector', 'objectSelector'] as const) {
    if (!match[field]) found.required(at.child(field))
    else found.add(...validateLabelSelector(match[field], at.child(field)))
  }
  for (const field of ['resourceRules', 'excludeResourceRules'] as const) {
    forEachItem(match[field], at.child(field), (rule, here) => checkNamedRule(found, rule, here))
  }
}

const checkBinding = ({ spec = {} }: Binding) =>
  findingsOf((found) => {
    if (!spec.policyName) found.required(path.child('policyName'))
    else found.each(path.child('policyName'), spec.policyName, validateDnsSubdomain(spec.policyName))
    if (spec.paramRef) checkParamRef(found, spec.paramRef, path.child('paramRef'))
    if (spec.matchResources) checkMatchResources(found, spec.matchResources, path.child('matchResources'))
    checkActions(found, spec.validationActions ?? [], path.child('validationActions'))
  })

export const validatingAdmissionPolicyBindingValidation: Validation<Binding> = { validate: checkBinding, validateUpdate: checkBinding }

const exclusive = 'name and selector are mutually exclusive'
const notFoundActions = ['Deny', 'Allow']

function checkParamRef(found: Findings, reference: TypeOf<'admissionregistration.v1.ParamRef'>, at: FieldPath): void {
  const { name, selector, parameterNotFoundAction: action } = reference
  if (name) {
    found.each(at.child('name'), name, validatePathSegmentName(name))
    if (selector) found.forbidden(at.child('name'), exclusive)
  }
  if (selector) {
    found.add(...validateLabelSelector(selector, at.child('selector')))
    if (name) found.forbidden(at.child('selector'), exclusive)
  }
  if (!name && !selector) found.required(at, 'one of name or selector must be specified')
  if (!action) found.required(at.child('parameterNotFoundAction'))
  else if (!notFoundActions.includes(action)) found.notSupported(at.child('parameterNotFoundAction'), action, notFoundActions)
}

const actions = ['Audit', 'Deny', 'Warn']

function checkActions(found: Findings, given: readonly string[], at: FieldPath): void {
  const seen = new Set<string>()
  forEachItem(given, at, (action, here) => {
    if (!actions.includes(action)) found.notSupported(here, action, actions)
    if (seen.has(action)) found.duplicate(here, action)
    seen.add(action)
  })
  if (seen.has('Deny') && seen.has('Warn')) {
    found.invalid(
      at,
      given,
      'must not contain both Deny and Warn (repeating the same validation failure information in the API response and headers serves no purpose)',
    )
  }
  if (seen.size === 0) found.required(at, 'at least one validation action is required')
}
