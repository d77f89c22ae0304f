import type { ClusterRole, ClusterRoleBinding, PolicyRule, Role, RoleBinding, RoleRef, Subject } from '@treeline/api'
import { quote } from '@treeline/machinery'
import type { UserInfo } from '../authentication/authenticator.js'
import { serviceAccountUserName } from '../authentication/identities.js'

/** The newest roles and bindings. */
export interface RoleSource {
  clusterRole(name: string): ClusterRole | undefined
  role(namespace: string, name: string): Role | undefined
  clusterRoleBindings(): readonly ClusterRoleBinding[]
  roleBindings(namespace: string): readonly RoleBinding[]
}

/** A rule a user has, and where from. */
export interface HeldRule {
  readonly rule: PolicyRule
  /** `ClusterRoleBinding "x" of ClusterRole "y" to Group "z"`. */
  readonly source: string
}

export interface HeldRules {
  readonly rules: readonly HeldRule[]
  /** Why the list may be incomplete: bindings to roles that do not exist. */
  readonly problems: readonly string[]
}

type Binding = ClusterRoleBinding | RoleBinding
type BindingsBySubject = ReadonlyMap<string, readonly { readonly binding: Binding; readonly subject: Subject }[]>

/**
 * Which rules a user has in a namespace. Bindings are indexed by subject, and what was found for a user is kept with
 * the user object (a connection, a token) until `changed` says that a role or binding is another.
 */
export class RoleRules {
  private revision = 0
  private clusterBindings: BindingsBySubject | undefined
  private readonly bindings = new Map<string, BindingsBySubject>()
  private readonly held = new WeakMap<UserInfo, { revision: number; readonly byNamespace: Map<string, HeldRules> }>()

  constructor(private readonly source: RoleSource) {}

  /** A role or binding was written: of one namespace, or, without one, of the cluster. */
  changed(namespace?: string): void {
    this.revision++
    if (namespace === undefined) this.clusterBindings = undefined
    else this.bindings.delete(namespace)
  }

  /** Everything may have changed. */
  reset(): void {
    this.revision++
    this.clusterBindings = undefined
    this.bindings.clear()
  }

  /** Rules by cluster bindings and, when `namespace` is not empty, by bindings in it. */
  heldBy(user: UserInfo, namespace: string): HeldRules {
    let kept = this.held.get(user)
    if (kept?.revision !== this.revision) {
      kept = { revision: this.revision, byNamespace: new Map() }
      this.held.set(user, kept)
    }
    let rules = kept.byNamespace.get(namespace)
    if (!rules) {
      rules = this.collect(user, namespace)
      kept.byNamespace.set(namespace, rules)
    }
    return rules
  }

  /** The rules of a role that a binding in `namespace` (empty: of the cluster) refers to; undefined when there is no such role. */
  rulesOf(roleRef: RoleRef, namespace: string): readonly PolicyRule[] | undefined {
    const role = roleRef.kind === 'Role' ? this.source.role(namespace, roleRef.name) : this.source.clusterRole(roleRef.name)
    return role && (role.rules ?? [])
  }

  private collect(user: UserInfo, namespace: string): HeldRules {
    const rules: HeldRule[] = []
    const problems: string[] = []
    this.clusterBindings ??= indexBySubject(this.source.clusterRoleBindings(), '')
    this.add(this.clusterBindings, user, '', rules, problems)
    if (namespace !== '') this.add(this.bindingsIn(namespace), user, namespace, rules, problems)
    return { rules, problems }
  }

  private bindingsIn(namespace: string): BindingsBySubject {
    let bindings = this.bindings.get(namespace)
    if (!bindings) {
      bindings = indexBySubject(this.source.roleBindings(namespace), namespace)
      // Requests for namespaces that do not exist must not fill the memory.
      if (bindings.size > 0) this.bindings.set(namespace, bindings)
    }
    return bindings
  }

  private add(bindings: BindingsBySubject, user: UserInfo, namespace: string, rules: HeldRule[], problems: string[]): void {
    const seen = new Set<Binding>()
    for (const key of [userKey(user.name), ...user.groups.map(groupKey)]) {
      for (const { binding, subject } of bindings.get(key) ?? []) {
        if (seen.has(binding)) continue
        seen.add(binding)
        const found = this.rulesOf(binding.roleRef, namespace)
        if (!found)
          problems.push(`${binding.roleRef.kind.toLowerCase()}.rbac.authorization.k8s.io ${quote(binding.roleRef.name)} not found`)
        const source = sourceOf(binding, subject, namespace)
        for (const rule of found ?? []) rules.push({ rule, source })
      }
    }
  }
}

function indexBySubject(bindings: readonly Binding[], namespace: string): BindingsBySubject {
  const index = new Map<string, { binding: Binding; subject: Subject }[]>()
  for (const binding of bindings) {
    for (const subject of binding.subjects ?? []) {
      const key = subjectKey(subject, namespace)
      if (key === undefined) continue
      const entries = index.get(key)
      if (entries) entries.push({ binding, subject })
      else index.set(key, [{ binding, subject }])
    }
  }
  return index
}

const userKey = (name: string): string => `user ${name}`
const groupKey = (name: string): string => `group ${name}`

/** A service account without a namespace is one of the binding's namespace; of a cluster binding it is nobody. */
const subjectKey = (subject: Subject, bindingNamespace: string): string | undefined => {
  if (subject.kind === 'User') return userKey(subject.name)
  if (subject.kind === 'Group') return groupKey(subject.name)
  const namespace = subject.namespace || bindingNamespace
  if (subject.kind !== 'ServiceAccount' || namespace === '') return undefined
  return userKey(serviceAccountUserName(namespace, subject.name))
}

const sourceOf = (binding: Binding, subject: Subject, namespace: string): string => {
  const kind = namespace === '' ? 'ClusterRoleBinding' : 'RoleBinding'
  const name = namespace === '' ? (binding.metadata.name ?? '') : `${binding.metadata.name}/${namespace}`
  const to = subject.kind === 'ServiceAccount' ? `${subject.name}/${subject.namespace || namespace}` : subject.name
  return `${kind} ${quote(name)} of ${binding.roleRef.kind} ${quote(binding.roleRef.name)} to ${subject.kind} ${quote(to)}`
}
