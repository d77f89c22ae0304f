import type { ClusterRole, ClusterRoleBinding, PolicyRule, Role, RoleBinding, Subject } from '@treeline/api'
import { aggregatedRoles } from './aggregated-roles.js'
import { componentRoles } from './component-roles.js'
import { controllerRoles } from './controller-roles.js'
import { namespacedRoles } from './namespaced-roles.js'
import { policyRule } from './rule-notation.js'

const apiGroup = 'rbac.authorization.k8s.io'
const aggregateLabel = (into: string): Record<string, string> => ({ [`rbac.authorization.k8s.io/aggregate-to-${into}`]: 'true' })

/** What the three roles of people gather, and where they are gathered themselves. */
const aggregations: readonly { readonly name: string; readonly into?: string }[] = [
  { name: 'admin' },
  { name: 'edit', into: 'admin' },
  { name: 'view', into: 'edit' },
]

/** Subjects of ClusterRoleBindings that are called as their role, beside those of controllers. */
const clusterSubjects: Readonly<Record<string, readonly string[]>> = {
  'cluster-admin': ['group system:masters'],
  'system:basic-user': ['group system:authenticated'],
  'system:discovery': ['group system:authenticated'],
  'system:kube-controller-manager': ['user system:kube-controller-manager'],
  'system:kube-dns': ['account kube-dns'],
  'system:kube-scheduler': ['user system:kube-scheduler'],
  'system:monitoring': ['group system:monitoring'],
  'system:node': [],
  'system:node-proxier': ['user system:kube-proxy'],
  'system:public-info-viewer': ['group system:authenticated', 'group system:unauthenticated'],
  'system:service-account-issuer-discovery': ['group system:serviceaccounts'],
  'system:volume-scheduler': ['user system:kube-scheduler'],
}

/** Subjects of RoleBindings, by `namespace/name`, and their role where it is called otherwise. */
const namespacedSubjects: Readonly<Record<string, { readonly role?: string; readonly subjects: readonly string[] }>> = {
  'kube-public/system:controller:bootstrap-signer': { subjects: ['account bootstrap-signer'] },
  'kube-system/system::extension-apiserver-authentication-reader': {
    role: 'extension-apiserver-authentication-reader',
    subjects: ['user system:kube-controller-manager', 'user system:kube-scheduler'],
  },
  'kube-system/system::leader-locking-kube-controller-manager': {
    subjects: ['user system:kube-controller-manager', 'account kube-controller-manager', 'account leader-election-controller'],
  },
  'kube-system/system::leader-locking-kube-scheduler': { subjects: ['user system:kube-scheduler', 'account kube-scheduler'] },
  'kube-system/system:controller:bootstrap-signer': { subjects: ['account bootstrap-signer'] },
  'kube-system/system:controller:cloud-provider': { subjects: ['account cloud-provider'] },
  'kube-system/system:controller:token-cleaner': { subjects: ['account token-cleaner'] },
}

/** The ClusterRoles every cluster begins with. */
export function bootstrapClusterRoles(): ClusterRole[] {
  const plain = [
    ...entries(componentRoles).map(([name, lines]) => clusterRole(name, lines)),
    ...entries(aggregatedRoles).map(([name, lines]) => clusterRole(name, lines, aggregateLabel(name.slice(name.lastIndexOf('-') + 1)))),
    ...entries(controllerRoles).map(([name, lines]) => clusterRole(`system:controller:${name}`, lines)),
  ]
  return [...plain, ...gatheringRoles(plain)]
}

/** The ClusterRoleBindings every cluster begins with. */
export function bootstrapClusterRoleBindings(): ClusterRoleBinding[] {
  const bind = (name: string, subjects: readonly string[]): ClusterRoleBinding => ({
    metadata: metadata(name),
    roleRef: { apiGroup, kind: 'ClusterRole', name },
    ...(subjects.length > 0 ? { subjects: subjects.map(subject) } : {}),
  })
  return [
    ...entries(clusterSubjects).map(([name, subjects]) => bind(name, subjects)),
    ...Object.keys(controllerRoles).map((name) => bind(`system:controller:${name}`, [`account ${name}`])),
  ]
}

/** The Roles every cluster begins with. */
export function bootstrapRoles(): Role[] {
  return entries(namespacedRoles).map(([key, lines]) => ({ metadata: namespacedMetadata(key), rules: lines.map(policyRule) }))
}

/** The RoleBindings every cluster begins with. */
export function bootstrapRoleBindings(): RoleBinding[] {
  return entries(namespacedSubjects).map(([key, { role, subjects }]) => {
    const metadata = namespacedMetadata(key)
    return { metadata, roleRef: { apiGroup, kind: 'Role', name: role ?? metadata.name }, subjects: subjects.map(subject) }
  })
}

/** The rules of the role `system:node`, by which the node authorizer decides what it does not look at closer. */
export function nodeRules(): PolicyRule[] {
  return (componentRoles['system:node'] ?? []).map(toRule)
}

/**
 * `admin`, `edit` and `view` begin with the rules that the aggregation controller would gather, in its order, so that
 * they can be used before it runs.
 */
function gatheringRoles(plain: readonly ClusterRole[]): ClusterRole[] {
  const roles = aggregations.map(({ name, into }) => ({
    metadata: metadata(name, into === undefined ? {} : aggregateLabel(into)),
    aggregationRule: { clusterRoleSelectors: [{ matchLabels: aggregateLabel(name) }] },
    rules: [] as PolicyRule[],
  }))
  // What is gathered has to be complete first: view, then edit, then admin.
  for (const role of [...roles].reverse()) {
    const [label = ''] = Object.keys(aggregateLabel(role.metadata.name))
    const sources = [...plain, ...roles].filter(({ metadata }) => metadata.labels?.[label] !== undefined)
    role.rules = distinct(sources.sort(byName).flatMap(({ rules }) => rules ?? []))
  }
  return roles
}

interface Metadata {
  readonly name: string
  readonly labels: Record<string, string>
  readonly annotations: Record<string, string>
}

const entries = <T>(table: Readonly<Record<string, T>>): [string, T][] => Object.entries(table)

const toRule = (line: string | PolicyRule): PolicyRule => (typeof line === 'string' ? policyRule(line) : line)

const metadata = (name: string, labels: Readonly<Record<string, string>> = {}): Metadata => ({
  name,
  labels: { 'kubernetes.io/bootstrapping': 'rbac-defaults', ...labels },
  annotations: { 'rbac.authorization.kubernetes.io/autoupdate': 'true' },
})

const namespacedMetadata = (key: string) => {
  const [namespace = '', name = ''] = key.split('/')
  return { namespace, ...metadata(name) }
}

const clusterRole = (name: string, lines: readonly (string | PolicyRule)[], labels?: Record<string, string>): ClusterRole => ({
  metadata: metadata(name, labels),
  rules: lines.map(toRule),
})

/** `user NAME`, `group NAME`, or `account NAME` for a service account of kube-system. */
const subject = (text: string): Subject => {
  const [kind, name = ''] = text.split(' ')
  if (kind === 'account') return { kind: 'ServiceAccount', name, namespace: 'kube-system' }
  return { apiGroup, kind: kind === 'group' ? 'Group' : 'User', name }
}

const byName = (left: ClusterRole, right: ClusterRole): number => ((left.metadata.name ?? '') < (right.metadata.name ?? '') ? -1 : 1)

const distinct = (rules: readonly PolicyRule[]): PolicyRule[] => [...new Map(rules.map((rule) => [JSON.stringify(rule), rule])).values()]
