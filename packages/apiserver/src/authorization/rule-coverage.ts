import type { PolicyRule } from '@treeline/api'
import { quote } from '@treeline/machinery'
import { pathCovers } from './policy-rule.js'

/** The parts of `wanted`, one verb and one resource each, that no single rule of `held` covers. */
export function uncoveredRules(held: readonly PolicyRule[], wanted: readonly PolicyRule[]): PolicyRule[] {
  return wanted.flatMap(atoms).filter((atom) => !held.some((rule) => covers(rule, atom)))
}

/** Rules of one group and one resource with equal names are brought together, their verbs joined. */
export function compactRules(rules: readonly PolicyRule[]): PolicyRule[] {
  const compact = new Map<string, PolicyRule>()
  const others: PolicyRule[] = []
  for (const rule of rules) {
    const { apiGroups, resources, resourceNames = [] } = rule
    if (apiGroups?.length !== 1 || resources?.length !== 1 || resourceNames.length > 1) {
      others.push(rule)
      continue
    }
    const key = JSON.stringify([apiGroups, resources, resourceNames])
    const same = compact.get(key)
    compact.set(key, same ? { ...same, verbs: [...same.verbs, ...rule.verbs] } : rule)
  }
  return [...compact.values(), ...others]
}

/** `{APIGroups:[""], Resources:["pods"], Verbs:["get" "list"]}`, as messages show a rule. */
export function ruleText(rule: PolicyRule): string {
  const parts: [string, readonly string[] | undefined][] = [
    ['APIGroups', rule.apiGroups],
    ['Resources', rule.resources],
    ['NonResourceURLs', rule.nonResourceURLs],
    ['ResourceNames', rule.resourceNames],
    ['Verbs', rule.verbs],
  ]
  const shown = parts.filter(([, values]) => values && values.length > 0)
  return `{${shown.map(([title, values]) => `${title}:${quotedList(values ?? [])}`).join(', ')}}`
}

/** `["a" "b"]`. */
export function quotedList(values: readonly string[]): string {
  return `[${values.map(quote).join(' ')}]`
}

function atoms(rule: PolicyRule): PolicyRule[] {
  // Null where a rule has not been validated yet.
  const verbs = rule.verbs ?? []
  const names = rule.resourceNames && rule.resourceNames.length > 0 ? rule.resourceNames.map((name) => [name]) : [undefined]
  const resources = (rule.apiGroups ?? []).flatMap((group) =>
    (rule.resources ?? []).flatMap((resource) =>
      verbs.flatMap((verb) =>
        names.map((resourceNames) => ({
          verbs: [verb],
          apiGroups: [group],
          resources: [resource],
          ...(resourceNames ? { resourceNames } : {}),
        })),
      ),
    ),
  )
  const paths = (rule.nonResourceURLs ?? []).flatMap((path) => verbs.map((verb) => ({ verbs: [verb], nonResourceURLs: [path] })))
  return [...resources, ...paths]
}

const covers = (rule: PolicyRule, atom: PolicyRule): boolean =>
  hasAll(rule.verbs, atom.verbs) &&
  hasAll(rule.apiGroups, atom.apiGroups) &&
  (atom.resources ?? []).every((resource) => coversResource(rule.resources ?? [], resource)) &&
  coversNames(rule.resourceNames ?? [], atom.resourceNames ?? []) &&
  (atom.nonResourceURLs ?? []).every((path) => (rule.nonResourceURLs ?? []).some((pattern) => pathCovers(pattern, path)))

const hasAll = (set: readonly string[] = [], wanted: readonly string[] = []): boolean =>
  set.includes('*') || wanted.every((value) => set.includes(value))

const coversResource = (set: readonly string[], resource: string): boolean => {
  if (set.includes('*') || set.includes(resource)) return true
  const slash = resource.indexOf('/')
  return slash >= 0 && set.includes(`*/${resource.slice(slash + 1)}`)
}

/** A rule without names covers all; a rule with names does not cover one without. */
const coversNames = (set: readonly string[], wanted: readonly string[]): boolean =>
  set.length === 0 || (wanted.length > 0 && wanted.every((name) => set.includes(name)))
