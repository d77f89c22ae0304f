import { FieldPath, validateDnsLabel, validateDnsSubdomain } from '@treeline/machinery'
import type { TypeOf } from '../../declaration/type-of.js'
import type { Validation } from '../../declaration/validations.js'
import { type Findings, findingsOf, forEachItem } from '../findings.js'
import { sameValue } from '../immutable.js'
import { checkSubdomain } from '../names.js'
import { checkTypedConditions } from './priority-level.js'

type FlowSchema = TypeOf<'flowcontrol.v1.FlowSchema'>
type SchemaSpec = TypeOf<'flowcontrol.v1.FlowSchemaSpec'>
type Rule = TypeOf<'flowcontrol.v1.PolicyRulesWithSubjects'>
type Subject = TypeOf<'flowcontrol.v1.Subject'>

const path = FieldPath.root('spec')

const check = (schema: FlowSchema) => findingsOf((found) => checkSchema(found, schema))

export const flowSchemaValidation: Validation<FlowSchema> = {
  validate: check,
  validateUpdate: check,
  validateStatusUpdate: ({ status }) => findingsOf((found) => checkTypedConditions(found, status?.conditions)),
}

const maxPrecedence = 10_000
const methods = ['ByNamespace', 'ByUser']

function checkSchema(found: Findings, { metadata, spec = {} as SchemaSpec, status }: FlowSchema): void {
  const precedence = spec.matchingPrecedence ?? 0
  const at = path.child('matchingPrecedence')
  if (precedence <= 0) found.invalid(at, precedence, 'must be a positive value')
  if (precedence > maxPrecedence) found.invalid(at, precedence, `must not be greater than ${maxPrecedence}`)
  if (precedence === 1 && metadata.name !== 'exempt') {
    found.invalid(at, precedence, "only the schema named 'exempt' may have matchingPrecedence 1")
  }
  const method = spec.distinguisherMethod
  if (method && !methods.includes(method.type)) {
    found.notSupported(path.child('distinguisherMethod', 'type'), { Type: method.type }, methods)
  }
  const level = path.child('priorityLevelConfiguration', 'name')
  const levelName = spec.priorityLevelConfiguration?.name
  if (levelName) checkSubdomain(found, levelName, level)
  else found.required(level, 'must reference a priority level')
  forEachItem(spec.rules, path.child('rules'), (rule, here) => checkRule(found, rule, here))
  checkMandatory(found, metadata.name ?? '', spec)
  checkTypedConditions(found, status?.conditions)
}

function checkRule(found: Findings, { subjects, resourceRules, nonResourceRules }: Rule, at: FieldPath): void {
  if (!subjects?.length) found.required(at.child('subjects'), 'subjects must contain at least one value')
  forEachItem(subjects, at.child('subjects'), (subject, here) => checkSubject(found, subject, here))
  if (!resourceRules?.length && !nonResourceRules?.length) {
    found.required(at, 'at least one of resourceRules and nonResourceRules has to be non-empty')
  }
  forEachItem(resourceRules, at.child('resourceRules'), (rule, here) => checkResourceRule(found, rule, here))
  forEachItem(nonResourceRules, at.child('nonResourceRules'), ({ verbs, nonResourceURLs: urls = [] }, here) => {
    checkVerbs(found, verbs, here.child('verbs'))
    const place = here.child('nonResourceURLs')
    if (urls.length === 0) found.required(place, 'nonResourceURLs must contain at least one value')
    else if (!urls.includes('*')) forEachItem(urls, place, (url, there) => checkUrl(found, url, there))
    else if (urls.length > 1) found.invalid(place, urls, "if '*' is present, must not specify other non-resource URLs")
  })
}

/** Kinds of subjects, and the field each fills, in the order others are refused. */
const fields = [
  ['ServiceAccount', 'serviceAccount'],
  ['User', 'user'],
  ['Group', 'group'],
] as const

function checkSubject(found: Findings, subject: Subject, at: FieldPath): void {
  const [kind, field] = fields.find(([name]) => name === subject.kind) ?? []
  if (!kind) {
    found.notSupported(at.child('kind'), subject.kind, ['Group', 'ServiceAccount', 'User'])
    return
  }
  const here = at.child(field)
  if (!subject[field]) found.required(here, `${field} is required when subject kind is '${kind}'`)
  else if (field === 'serviceAccount') checkAccount(found, subject.serviceAccount, here)
  else if (!subject[field]?.name) found.required(here.child('name'))
  for (const [otherKind, other] of fields) {
    if (other !== field && subject[other]) found.forbidden(at.child(other), `${other} is forbidden when subject kind is not '${otherKind}'`)
  }
}

function checkAccount(found: Findings, account: Subject['serviceAccount'], at: FieldPath): void {
  const { name, namespace } = account ?? {}
  if (!name) found.required(at.child('name'))
  else if (name !== '*') found.each(at.child('name'), name, validateDnsSubdomain(name))
  if (!namespace) found.required(at.child('namespace'), 'must specify namespace for service account')
  else found.each(at.child('namespace'), namespace, validateDnsLabel(namespace))
}

const verbs = ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'proxy', 'update', 'watch']

function checkVerbs(found: Findings, given: readonly string[] = [], at: FieldPath): void {
  if (given.length === 0) found.required(at, 'verbs must contain at least one value')
  else if (given.includes('*')) {
    if (given.length > 1) found.invalid(at, given, "if '*' is present, must not specify other verbs")
  } else if (given.some((verb) => !verbs.includes(verb))) found.notSupported(at, given, verbs)
}

function checkResourceRule(found: Findings, rule: TypeOf<'flowcontrol.v1.ResourcePolicyRule'>, at: FieldPath): void {
  checkVerbs(found, rule.verbs, at.child('verbs'))
  for (const [field, one, others] of [
    ['apiGroups', 'api group', 'api groups'],
    ['resources', 'resource', 'resources'],
  ] as const) {
    const given = rule[field] ?? []
    if (given.length === 0) found.required(at.child(field), `resource rules must supply at least one ${one}`)
    else if (given.length > 1 && given.includes('*')) {
      found.invalid(at.child(field), given, `if '*' is present, must not specify other ${others}`)
    }
  }
  const namespaces = rule.namespaces ?? []
  const here = at.child('namespaces')
  if (namespaces.length === 0 && !rule.clusterScope) {
    found.required(here, 'resource rules that are not cluster scoped must supply at least one namespace')
  } else if (namespaces.includes('*')) {
    if (namespaces.length > 1) found.invalid(here, namespaces, "if '*' is present, must not specify other namespaces")
  } else {
    forEachItem(namespaces, here, (namespace, place) => {
      const problems = validateDnsLabel(namespace)
      found.each(
        place,
        namespace,
        problems.map((problem) => `each member of this list must be '*' or a DNS-1123 label; ${problem}`),
      )
    })
  }
}

function checkUrl(found: Findings, url: string, at: FieldPath): void {
  const problem = urlProblem(url)
  if (problem) found.invalid(at, url, problem)
}

function urlProblem(url: string): string | undefined {
  if (url === '') return 'must not be empty'
  if (url === '/') return undefined
  if (!url.startsWith('/')) return 'must start with slash'
  if (url.includes(' ')) return 'must not contain white-space'
  if (url.includes('//')) return 'must not contain double slash'
  const wildcards = url.split('*').length - 1
  return wildcards > 1 || (wildcards === 1 && !url.endsWith('/*')) ? 'wildcard can only do suffix matching' : undefined
}

const everything = {
  resourceRules: [{ verbs: ['*'], apiGroups: ['*'], resources: ['*'], clusterScope: true, namespaces: ['*'] }],
  nonResourceRules: [{ verbs: ['*'], nonResourceURLs: ['*'] }],
}
const ofGroup = (name: string): Subject => ({ kind: 'Group', group: { name } })

/** Two schemas are as they are, so that every request has one. */
const mandatory: Readonly<Record<string, SchemaSpec>> = {
  exempt: {
    priorityLevelConfiguration: { name: 'exempt' },
    matchingPrecedence: 1,
    rules: [{ subjects: [ofGroup('system:masters')], ...everything }],
  },
  'catch-all': {
    priorityLevelConfiguration: { name: 'catch-all' },
    matchingPrecedence: maxPrecedence,
    distinguisherMethod: { type: 'ByUser' },
    rules: [{ subjects: [ofGroup('system:unauthenticated'), ofGroup('system:authenticated')], ...everything }],
  },
}

function checkMandatory(found: Findings, name: string, spec: SchemaSpec): void {
  const fixed = Object.hasOwn(mandatory, name) ? mandatory[name] : undefined
  if (fixed && !sameValue(spec, fixed)) found.invalid(path, printedSchema(spec), `spec of '${name}' must equal the fixed value`)
}

function printedSchema(spec: SchemaSpec): object {
  return {
    PriorityLevelConfiguration: { Name: spec.priorityLevelConfiguration?.name ?? '' },
    MatchingPrecedence: spec.matchingPrecedence ?? 0,
    DistinguisherMethod: spec.distinguisherMethod ? { Type: spec.distinguisherMethod.type } : null,
    Rules: spec.rules?.map(printedRule) ?? null,
  }
}

const printedRule = ({ subjects, resourceRules, nonResourceRules }: Rule): object => ({
  Subjects:
    subjects?.map(({ kind, user, group, serviceAccount }) => ({
      Kind: kind,
      User: user ? { Name: user.name } : null,
      Group: group ? { Name: group.name } : null,
      ServiceAccount: serviceAccount ? { Namespace: serviceAccount.namespace, Name: serviceAccount.name } : null,
    })) ?? null,
  ResourceRules:
    resourceRules?.map((rule) => ({
      Verbs: rule.verbs,
      APIGroups: rule.apiGroups,
      Resources: rule.resources,
      ClusterScope: rule.clusterScope ?? false,
      Namespaces: rule.namespaces ?? null,
    })) ?? null,
  NonResourceRules: nonResourceRules?.map((rule) => ({ Verbs: rule.verbs, NonResourceURLs: rule.nonResourceURLs })) ?? null,
})
