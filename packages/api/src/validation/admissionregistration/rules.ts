import { type FieldPath, validatePathSegmentName } from '@treeline/machinery'
import type { TypeOf } from '../../declaration/type-of.js'
import { type Findings, forEachItem } from '../findings.js'

type Rule = TypeOf<'admissionregistration.v1.RuleWithOperations'>
type NamedRule = TypeOf<'admissionregistration.v1.NamedRuleWithOperations'>

const operations = ['*', 'CONNECT', 'CREATE', 'DELETE', 'UPDATE']
const scopes = ['*', 'Cluster', 'Namespaced']

/** Which requests a webhook or policy is asked about. */
export function checkRule(found: Findings, rule: Rule, path: FieldPath): void {
  const given: readonly string[] = rule.operations ?? []
  checkWildcard(found, given, path.child('operations'), 'operations')
  forEachItem(given, path.child('operations'), (operation, at) => {
    if (!operations.includes(operation)) found.notSupported(at, operation, operations)
  })
  checkWildcard(found, rule.apiGroups ?? [], path.child('apiGroups'), 'API groups')
  checkWildcard(found, rule.apiVersions ?? [], path.child('apiVersions'), 'API versions')
  forEachItem(rule.apiVersions, path.child('apiVersions'), (version, at) => {
    if (version === '') found.required(at)
  })
  checkResources(found, rule.resources ?? [], path.child('resources'))
  const { scope } = rule
  if (scope !== undefined && !scopes.includes(scope)) found.notSupported(path.child('scope'), scope, scopes)
}

/** A rule that can name single objects too. */
export function checkNamedRule(found: Findings, rule: NamedRule, path: FieldPath): void {
  const names = new Set<string>()
  forEachItem(rule.resourceNames, path.child('resourceNames'), (name, at) => {
    found.each(at, name, validatePathSegmentName(name))
    if (names.has(name)) found.duplicate(at, name)
    names.add(name)
  })
  checkRule(found, rule, path)
}

function checkWildcard(found: Findings, given: readonly string[], at: FieldPath, others: string): void {
  if (given.length === 0) found.required(at)
  if (given.length > 1 && given.includes('*')) found.invalid(at, given, `if '*' is present, must not specify other ${others}`)
}

function checkResources(found: Findings, resources: readonly string[], at: FieldPath): void {
  if (resources.length === 0) found.required(at)
  const allSubresourcesOf = new Set<string>()
  const subresourceOfAll = new Set<string>()
  let plain = false
  forEachItem(resources, at, (text, here) => {
    if (text === '') {
      found.required(here)
      return
    }
    const slash = text.indexOf('/')
    if (slash < 0) {
      plain = text !== '*'
      return
    }
    const resource = text.slice(0, slash)
    const subresource = text.slice(slash + 1)
    if (allSubresourcesOf.has(resource)) found.invalid(here, text, `if '${resource}/*' is present, must not specify ${text}`)
    if (subresourceOfAll.has(subresource)) found.invalid(here, text, `if '*/${subresource}' is present, must not specify ${text}`)
    if (subresource === '*') allSubresourcesOf.add(resource)
    if (resource === '*') subresourceOfAll.add(subresource)
  })
  if (resources.length > 1 && resources.includes('*/*'))
    found.invalid(at, resources, "if '*/*' is present, must not specify other resources")
  if (plain && resources.includes('*')) {
    found.invalid(at, resources, "if '*' is present, must not specify other resources without subresources")
  }
}
