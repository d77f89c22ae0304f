import { ClusterRole, ClusterRoleBinding, type Kind, Role, RoleBinding, type Subject } from '@treeline/api'
import { deepEqual, type KubernetesObject } from '@treeline/machinery'
import { uncoveredRules } from '../authorization/rule-coverage.js'
import type { ApiInternals } from '../registry/internals.js'
import { ensure } from './ensure.js'
import { bootstrapClusterRoleBindings, bootstrapClusterRoles, bootstrapRoleBindings, bootstrapRoles } from './rbac-objects.js'

const autoUpdate = 'rbac.authorization.kubernetes.io/autoupdate'

/**
 * Makes the default roles and bindings, and gives those that are there what they lack. What was added to them stays;
 * an object annotated `autoupdate: "false"` is left alone.
 */
export async function reconcileRoles(internals: ApiInternals): Promise<void> {
  const each = <T extends KubernetesObject>(kind: Kind<T>, wanted: readonly T[], complete: (current: T, wanted: T) => T | undefined) =>
    wanted.map((object) => ensure(internals, kind, object, (current) => (isLeftAlone(current) ? undefined : complete(current, object))))
  await Promise.all([
    ...each(ClusterRole, bootstrapClusterRoles(), completedRole),
    ...each(Role, bootstrapRoles(), completedRole),
    ...bootstrapClusterRoleBindings().map((binding) => reconcileBinding(internals, ClusterRoleBinding, binding)),
    ...bootstrapRoleBindings().map((binding) => reconcileBinding(internals, RoleBinding, binding)),
  ])
}

/** The role with the rules, selectors, labels and annotations it lacks; undefined when it lacks none. */
export function completedRole<T extends Role | ClusterRole>(current: T, wanted: T): T | undefined {
  const gathers = 'aggregationRule' in wanted && wanted.aggregationRule
  const missing = gathers || deepEqual(current.rules, wanted.rules) ? [] : uncoveredRules(current.rules ?? [], wanted.rules ?? [])
  const next = {
    ...current,
    metadata: completedMetadata(current, wanted),
    ...(missing.length > 0 ? { rules: [...(current.rules ?? []), ...missing] } : {}),
    ...(gathers ? { aggregationRule: { clusterRoleSelectors: union(selectorsOf(current), selectorsOf(wanted)) } } : {}),
  }
  return deepEqual(next, current) ? undefined : next
}

/** A role reference cannot be changed: a binding to another role is replaced. */
async function reconcileBinding<T extends RoleBinding | ClusterRoleBinding>(
  internals: ApiInternals,
  kind: Kind<T>,
  wanted: T,
): Promise<void> {
  const { namespace, name = '' } = wanted.metadata
  const current = internals.get(kind, namespace, name)
  if (current && !isLeftAlone(current) && !deepEqual(current.roleRef, wanted.roleRef)) {
    await internals.delete(kind, namespace, name, { preconditions: { uid: current.metadata.uid } })
  }
  await ensure(internals, kind, wanted, (existing) => (isLeftAlone(existing) ? undefined : completedBinding(existing, wanted)))
}

/** The binding with the subjects, labels and annotations it lacks; undefined when it lacks none. */
export function completedBinding<T extends RoleBinding | ClusterRoleBinding>(current: T, wanted: T): T | undefined {
  const subjects: Subject[] = union(current.subjects ?? [], wanted.subjects ?? [])
  const next = {
    ...current,
    metadata: completedMetadata(current, wanted),
    ...(subjects.length > 0 ? { subjects } : {}),
  }
  return deepEqual(next, current) ? undefined : next
}

const isLeftAlone = (object: KubernetesObject): boolean => object.metadata.annotations?.[autoUpdate] === 'false'

const completedMetadata = (current: KubernetesObject, wanted: KubernetesObject): KubernetesObject['metadata'] => ({
  ...current.metadata,
  labels: { ...wanted.metadata.labels, ...current.metadata.labels },
  annotations: { ...wanted.metadata.annotations, ...current.metadata.annotations },
})

const selectorsOf = (role: Role | ClusterRole) => ('aggregationRule' in role ? (role.aggregationRule?.clusterRoleSelectors ?? []) : [])

const union = <T>(have: readonly T[], want: readonly T[]): T[] => [
  ...have,
  ...want.filter((wanted) => !have.some((one) => deepEqual(one, wanted))),
]
