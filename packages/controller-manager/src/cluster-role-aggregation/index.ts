import { ClusterRole, type PolicyRule } from '@treeline/api'
import { type ControllerDefinition, defineController, keyOf, on } from '@treeline/client'
import { deepEqual } from '@treeline/machinery'
import { compiledSelector } from '../ownership/selectors.js'

const manager = 'clusterrole-aggregation-controller'

/** Gives a ClusterRole with an aggregation rule the rules of all roles it selects. */
export function clusterRoleAggregationController(): ControllerDefinition {
  return defineController({
    name: manager,
    workers: 5,
    watches: [
      on(ClusterRole, (_role, _old, cache) =>
        cache
          .list(ClusterRole)
          .filter(({ aggregationRule }) => aggregationRule !== undefined)
          .map(keyOf),
      ),
    ],
    async reconcile(key, { cache, client, signal }) {
      const role = cache.get(ClusterRole, key)
      const selectors = (role?.aggregationRule?.clusterRoleSelectors ?? []).map(compiledSelector)
      if (!role?.aggregationRule) return undefined
      const rules = unionOfRules(
        key,
        selectors.map((selector) => cache.list(ClusterRole).filter(({ metadata }) => selector.matches(metadata.labels ?? {}))),
      )
      if (deepEqual(rules, role.rules ?? [])) return undefined
      const body = { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'ClusterRole', metadata: { name: key }, rules }
      await client.patch(ClusterRole, { name: key }, { type: 'apply', body, force: true }, { fieldManager: manager, signal })
      return undefined
    },
  })
}

/** The rules of the selected roles, by name of the role within each selector, each rule once; not those of the role itself. */
export function unionOfRules(own: string, selected: readonly (readonly ClusterRole[])[]): PolicyRule[] {
  const union: PolicyRule[] = []
  for (const roles of selected) {
    for (const { metadata, rules: offered } of [...roles].sort((a, b) => (String(a.metadata.name) < String(b.metadata.name) ? -1 : 1))) {
      if (metadata.name === own) continue
      for (const rule of offered ?? []) if (!union.some((known) => deepEqual(known, rule))) union.push(rule)
    }
  }
  return union
}
