import { FieldPath, validateDnsSubdomain, validateLabelSelector, validatePathSegmentName } from '@treeline/machinery'
import type { TypeOf } from '../../declaration/type-of.js'
import type { Validation, ValidationsTable } from '../../declaration/validations.js'
import { type Findings, findingsOf, forEachItem } from '../findings.js'
import { sameValue } from '../immutable.js'
import { compileSelector } from '../selectors.js'

type Role = TypeOf<'rbac.v1.Role'>
type ClusterRole = TypeOf<'rbac.v1.ClusterRole'>
type Rule = TypeOf<'rbac.v1.PolicyRule'>
type Binding = Pick<TypeOf<'rbac.v1.RoleBinding'>, 'roleRef' | 'subjects'>

const group = 'rbac.authorization.k8s.io'

const checkRole = ({ rules }: Role) => findingsOf((found) => checkRules(found, rules, true))

const roleValidation: Validation<Role> = { validate: checkRole, validateUpdate: checkRole }

const aggregation = FieldPath.root('aggregationRule', 'clusterRoleSelectors')

const clusterRoleValidation: Validation<ClusterRole> = {
  validate: (role) => findingsOf((found) => checkClusterRole(found, role, false)),
  validateUpdate: (role, old) =>
    findingsOf((found) => {
      const selectors = old.aggregationRule?.clusterRoleSelectors ?? []
      const anySelectorValue = selectors.some((selector) => validateLabelSelector(selector, aggregation).length > 0)
      checkClusterRole(found, role, anySelectorValue)
    }),
}

function checkClusterRole(found: Findings, { rules, aggregationRule }: ClusterRole, anySelectorValue: boolean): void {
  checkRules(found, rules, false)
  if (!aggregationRule) return
  const selectors = aggregationRule.clusterRoleSelectors ?? []
  if (selectors.length === 0) found.required(aggregation, 'at least one clusterRoleSelector required if aggregationRule is non-nil')
  forEachItem(selectors, aggregation, (selector, at) => {
    found.add(...validateLabelSelector(selector, at, { allowInvalidValues: anySelectorValue }))
    if (!compileSelector(selector)) found.invalid(at, null, 'invalid label selector.')
  })
}

function checkRules(found: Findings, rules: readonly Rule[] | undefined, namespaced: boolean): void {
  forEachItem(rules ?? undefined, FieldPath.root('rules'), (rule, at) => {
    const { verbs, apiGroups, resources, resourceNames, nonResourceURLs } = rule
    if (!verbs?.length) found.required(at.child('verbs'), 'verbs must contain at least one value')
    const urls = at.child('nonResourceURLs')
    if (nonResourceURLs?.length) {
      if (namespaced) found.invalid(urls, nonResourceURLs, 'namespaced rules cannot apply to non-resource URLs')
      if (apiGroups?.length || resources?.length || resourceNames?.length) {
        found.invalid(urls, nonResourceURLs, 'rules cannot apply to both regular resources and non-resource URLs')
      }
      return
    }
    if (!apiGroups?.length) found.required(at.child('apiGroups'), 'resource rules must supply at least one api group')
    if (!resources?.length) found.required(at.child('resources'), 'resource rules must supply at least one resource')
  })
}

/** The checks of bindings to roles of some kinds; what a binding refers to never changes. */
function bindingValidation(kinds: readonly string[], namespaced: boolean): Validation<Binding> {
  return {
    validate: (binding) => findingsOf((found) => checkBinding(found, binding, kinds, namespaced)),
    validateUpdate: (binding, old) =>
      findingsOf((found) => {
        checkBinding(found, binding, kinds, namespaced)
        if (!sameValue(binding.roleRef, old.roleRef)) {
          const { apiGroup, kind, name } = binding.roleRef
          found.invalid('roleRef', { APIGroup: apiGroup, Kind: kind, Name: name }, 'cannot change roleRef')
        }
      }),
  }
}

const roleRef = FieldPath.root('roleRef')

function checkBinding(found: Findings, { roleRef: role, subjects }: Binding, kinds: readonly string[], namespaced: boolean): void {
  const { apiGroup = '', kind = '', name = '' } = role ?? {}
  if (apiGroup !== group) found.notSupported(roleRef.child('apiGroup'), apiGroup, [group])
  if (!kinds.includes(kind)) found.notSupported(roleRef.child('kind'), kind, kinds)
  if (name === '') found.required(roleRef.child('name'))
  else found.each(roleRef.child('name'), name, validatePathSegmentName(name))
  forEachItem(subjects, FieldPath.root('subjects'), (subject, at) => checkSubject(found, subject, namespaced, at))
}

function checkSubject(found: Findings, subject: TypeOf<'rbac.v1.Subject'>, namespaced: boolean, at: FieldPath): void {
  const { kind, name, apiGroup = '', namespace } = subject
  if (!name) found.required(at.child('name'))
  switch (kind) {
    case 'ServiceAccount':
      if (name) found.each(at.child('name'), name, validateDnsSubdomain(name))
      if (apiGroup !== '') found.notSupported(at.child('apiGroup'), apiGroup, [''])
      if (!namespaced && !namespace) found.required(at.child('namespace'))
      break
    case 'User':
    case 'Group':
      if (apiGroup !== group) found.notSupported(at.child('apiGroup'), apiGroup, [group])
      break
    default:
      found.notSupported(at.child('kind'), kind, ['ServiceAccount', 'User', 'Group'])
  }
}

export const rbacValidations: ValidationsTable = {
  'rbac.v1.ClusterRole': clusterRoleValidation,
  'rbac.v1.ClusterRoleBinding': bindingValidation(['ClusterRole'], false),
  'rbac.v1.Role': roleValidation,
  'rbac.v1.RoleBinding': bindingValidation(['Role', 'ClusterRole'], true),
}
