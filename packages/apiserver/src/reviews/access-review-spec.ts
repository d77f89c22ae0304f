import type { NonResourceAttributes, ResourceAttributes } from '@treeline/api'
import { type FieldError, FieldPath, fieldErrors, type KubernetesObject } from '@treeline/machinery'
import type { UserInfo } from '../authentication/authenticator.js'
import type { AuthorizationAttributes } from '../authorization/authorizer.js'

/** What all access reviews ask. */
export interface AccessQuestion {
  readonly resourceAttributes?: ResourceAttributes
  readonly nonResourceAttributes?: NonResourceAttributes
}

const spec = FieldPath.root('spec')

/** What is wrong with the question itself. */
export function questionProblems({ resourceAttributes, nonResourceAttributes }: AccessQuestion): FieldError[] {
  const problems: FieldError[] = []
  if (resourceAttributes && nonResourceAttributes) {
    // Upstream shows this value by the names its own type has.
    const shown = { Path: nonResourceAttributes.path ?? '', Verb: nonResourceAttributes.verb ?? '' }
    problems.push(
      fieldErrors.invalid(spec.child('nonResourceAttributes'), shown, 'cannot be specified in combination with resourceAttributes'),
    )
  }
  if (!resourceAttributes && !nonResourceAttributes) {
    const detail = 'exactly one of nonResourceAttributes or resourceAttributes must be specified'
    problems.push(fieldErrors.invalid(spec.child('resourceAttributes'), null, detail))
  }
  return problems
}

/** What is wrong with the selectors of the question. */
export function selectorProblems({ resourceAttributes }: AccessQuestion): FieldError[] {
  return (['fieldSelector', 'labelSelector'] as const).flatMap((name) => {
    const selector = resourceAttributes?.[name]
    if (!selector) return []
    const path = spec.child('resourceAttributes', name)
    const requirements = selector.requirements ?? []
    if (selector.rawSelector && requirements.length > 0) {
      return [fieldErrors.invalid(path.child('rawSelector'), selector.rawSelector, 'may not specified at the same time as requirements')]
    }
    if (!selector.rawSelector && requirements.length === 0) {
      return [fieldErrors.required(path.child('requirements'), `when ${path} is specified, requirements or rawSelector is required`)]
    }
    return requirements.flatMap((requirement, index) => requirementProblems(requirement, path.child('requirements').index(index)))
  })
}

/** Reviews are not stored, so their metadata means nothing; `allowed` names what it may hold all the same. */
export function metadataProblems(object: KubernetesObject, allowed?: 'namespace'): FieldError[] {
  const { managedFields: _fields, creationTimestamp, ...rest } = object.metadata
  const { namespace, ...others } = rest
  const used = {
    ...others,
    ...(allowed !== 'namespace' && namespace ? { namespace } : {}),
    ...(creationTimestamp ? { creationTimestamp } : {}),
  }
  if (Object.values(used).every((value) => value === undefined)) return []
  const detail = allowed ? `must be empty except for ${allowed}` : 'must be empty'
  return [fieldErrors.invalid(FieldPath.root('metadata'), object.metadata, detail)]
}

/** The question as authorizers take it. */
export function attributesOfQuestion(user: UserInfo, question: AccessQuestion): AuthorizationAttributes {
  const { resourceAttributes: resource, nonResourceAttributes: other } = question
  if (!resource) return { user, verb: other?.verb ?? '', path: other?.path ?? '' }
  return {
    user,
    verb: resource.verb ?? '',
    namespace: resource.namespace ?? '',
    group: resource.group ?? '',
    version: resource.version || '*',
    resource: resource.resource ?? '',
    subresource: resource.subresource ?? '',
    name: resource.name ?? '',
    fieldSelector: resource.fieldSelector?.rawSelector || fieldSelectorText(resource.fieldSelector?.requirements) || undefined,
    labelSelector: resource.labelSelector?.rawSelector || labelSelectorText(resource.labelSelector?.requirements) || undefined,
  }
}

interface Requirement {
  readonly key?: string
  readonly operator?: string
  readonly values?: readonly string[]
}

/** Operators of later versions are let pass, so that their clients are still answered. */
const requirementProblems = ({ key = '', operator = '', values = [] }: Requirement, path: FieldPath): FieldError[] => {
  const problems: FieldError[] = []
  if (key === '') problems.push(fieldErrors.required(path.child('key'), 'must be specified'))
  if ((operator === 'In' || operator === 'NotIn') && values.length === 0) {
    problems.push(fieldErrors.required(path.child('values'), "must be specified when `operator` is 'In' or 'NotIn'"))
  }
  if ((operator === 'Exists' || operator === 'DoesNotExist') && values.length > 0) {
    problems.push(fieldErrors.forbidden(path.child('values'), "may not be specified when `operator` is 'Exists' or 'DoesNotExist'"))
  }
  return problems
}

/** Requirements that cannot be said in the text are left out; the question is then a broader one, which is safe. */
const fieldSelectorText = (requirements: readonly Requirement[] = []): string =>
  requirements
    .flatMap(({ key, operator, values = [] }) => {
      if (values.length !== 1 || (operator !== 'In' && operator !== 'NotIn')) return []
      return `${key}${operator === 'In' ? '=' : '!='}${(values[0] ?? '').replace(/[\\,=]/g, '\\$&')}`
    })
    .join(',')

const labelSelectorText = (requirements: readonly Requirement[] = []): string =>
  requirements
    .flatMap(({ key, operator, values = [] }) => {
      if (operator === 'Exists') return `${key}`
      if (operator === 'DoesNotExist') return `!${key}`
      return operator === 'In' || operator === 'NotIn' ? `${key} ${operator.toLowerCase()} (${values.join(',')})` : []
    })
    .join(',')
