import type { PolicyRule } from '@treeline/api'
import type { AuthorizationAttributes } from './authorizer.js'

/** Whether one rule allows what is asked. Rules only ever allow. */
export function ruleAllows(rule: PolicyRule, attributes: AuthorizationAttributes): boolean {
  if (!contains(rule.verbs, attributes.verb)) return false
  if (attributes.path !== undefined) return allowsPath(rule, attributes.path)
  return (
    contains(rule.apiGroups, attributes.group ?? '') &&
    allowsResource(rule, attributes.resource ?? '', attributes.subresource ?? '') &&
    allowsName(rule, attributes.name ?? '')
  )
}

const contains = (list: readonly string[] | undefined, wanted: string): boolean =>
  list?.some((one) => one === '*' || one === wanted) ?? false

const allowsResource = (rule: PolicyRule, resource: string, subresource: string): boolean => {
  const wanted = subresource === '' ? resource : `${resource}/${subresource}`
  return contains(rule.resources, wanted) || (subresource !== '' && (rule.resources?.includes(`*/${subresource}`) ?? false))
}

const allowsName = (rule: PolicyRule, name: string): boolean =>
  rule.resourceNames === undefined || rule.resourceNames.length === 0 || rule.resourceNames.includes(name)

const allowsPath = (rule: PolicyRule, path: string): boolean => rule.nonResourceURLs?.some((pattern) => pathCovers(pattern, path)) ?? false

/** Whether a path pattern covers a path or a narrower pattern: equal, or a prefix up to its trailing `*`. */
export function pathCovers(pattern: string, path: string): boolean {
  return pattern === path || (pattern.endsWith('*') && path.startsWith(pattern.replace(/\*+$/, '')))
}
