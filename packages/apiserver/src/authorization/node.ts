import type { PolicyRule } from '@treeline/api'
import { parseFieldSelector } from '@treeline/machinery'
import { nodesGroup, nodeUserPrefix } from '../authentication/identities.js'
import type { AuthorizationAttributes, Authorizer, Decision } from './authorizer.js'
import type { NodeRelations, RelatedResource } from './node-relations.js'
import { ruleAllows } from './policy-rule.js'

/**
 * Authorizes kubelets (`system:node:NAME` of group `system:nodes`): their own Node, lease and CSINode, the pods bound
 * to them, and what those pods name. Everything else by `rules`, which are those of the role `system:node`.
 */
export function nodeAuthorizer(relations: NodeRelations, rules: readonly PolicyRule[]): Authorizer {
  return {
    authorize(attributes) {
      const { user } = attributes
      if (!user.name.startsWith(nodeUserPrefix) || !user.groups.includes(nodesGroup)) return noOpinion('')
      const nodeName = user.name.slice(nodeUserPrefix.length)
      if (nodeName === '') return noOpinion(`unknown node for user "${user.name}"`)
      const restriction = restrictions[`${attributes.group ?? ''}/${attributes.resource ?? ''}`]
      if (restriction && attributes.path === undefined) return restriction({ attributes, nodeName, relations, ...parts(attributes) })
      return rules.some((rule) => ruleAllows(rule, attributes)) ? allow : noOpinion('')
    },
  }
}

interface Question {
  readonly attributes: AuthorizationAttributes
  readonly nodeName: string
  readonly relations: NodeRelations
  readonly verb: string
  readonly name: string
  readonly namespace: string
  readonly subresource: string
}

const parts = (attributes: AuthorizationAttributes) => ({
  verb: attributes.verb,
  name: attributes.name ?? '',
  namespace: attributes.namespace ?? '',
  subresource: attributes.subresource ?? '',
})

const allow: Decision = { decision: 'Allow', reason: '' }
const noOpinion = (reason: string): Decision => ({ decision: 'NoOpinion', reason })

const restrictions: Readonly<Record<string, (question: Question) => Decision>> = {
  '/secrets': (question) => readNamespaced(question, 'secrets'),
  '/configmaps': (question) => readNamespaced(question, 'configmaps'),
  '/persistentvolumeclaims': (question) =>
    question.subresource === 'status' ? updateStatus(question, 'persistentvolumeclaims') : getOne(question, 'persistentvolumeclaims'),
  '/persistentvolumes': (question) => getOne(question, 'persistentvolumes'),
  'resource.k8s.io/resourceclaims': (question) => getOne(question, 'resourceclaims'),
  'storage.k8s.io/volumeattachments': (question) => getOne(question, 'volumeattachments'),
  '/serviceaccounts': (question) =>
    question.verb === 'get' && question.subresource === '' ? readNamespaced(question, 'serviceaccounts') : createToken(question),
  'coordination.k8s.io/leases': ownLease,
  'storage.k8s.io/csinodes': ownCsiNode,
  'resource.k8s.io/resourceslices': ownResourceSlices,
  '/nodes': ownNode,
  '/pods': ownPods,
}

const related = ({ nodeName, relations, namespace, name }: Question, resource: RelatedResource): Decision => {
  if (name === '') return noOpinion('No Object name found')
  if (relations.isRelated(nodeName, resource, namespace, name)) return allow
  return noOpinion(`no relationship found between node '${nodeName}' and this object`)
}

function readNamespaced(question: Question, resource: RelatedResource): Decision {
  if (!['get', 'list', 'watch'].includes(question.verb)) return noOpinion('can only read resources of this type')
  if (question.subresource !== '') return noOpinion('cannot read subresource')
  if (question.namespace === '') return noOpinion('can only read namespaced object of this type')
  return related(question, resource)
}

function getOne(question: Question, resource: RelatedResource): Decision {
  if (question.verb !== 'get') return noOpinion('can only get individual resources of this type')
  if (question.subresource !== '') return noOpinion('cannot get subresource')
  return related(question, resource)
}

function updateStatus(question: Question, resource: RelatedResource): Decision {
  if (question.verb !== 'update' && question.verb !== 'patch') return noOpinion('can only get/update/patch this type')
  return related(question, resource)
}

function createToken(question: Question): Decision {
  if (question.verb !== 'create' || question.name === '') return noOpinion('can only create tokens for individual service accounts')
  if (question.subresource !== 'token') return noOpinion('can only create token subresource of serviceaccount')
  return related(question, 'serviceaccounts')
}

const ownVerbs = new Set(['get', 'create', 'update', 'patch', 'delete'])

// The name is not known at creation; NodeRestriction admission looks at it then.
function ownLease({ verb, namespace, name, nodeName }: Question): Decision {
  if (!ownVerbs.has(verb)) return noOpinion('can only get, create, update, patch, or delete a node lease')
  if (namespace !== 'kube-node-lease') return noOpinion('can only access leases in the "kube-node-lease" system namespace')
  if (verb === 'create' || name === nodeName) return allow
  return noOpinion('can only access node lease with the same name as the requesting node')
}

function ownCsiNode({ verb, subresource, name, nodeName }: Question): Decision {
  if (!ownVerbs.has(verb)) return noOpinion('can only get, create, update, patch, or delete a CSINode')
  if (subresource !== '') return noOpinion('cannot authorize CSINode subresources')
  if (verb === 'create' || name === nodeName) return allow
  return noOpinion('can only access CSINode with the same name as the requesting node')
}

function ownResourceSlices(question: Question): Decision {
  const { verb, subresource } = question
  if (subresource !== '') return noOpinion('cannot authorize ResourceSlice subresources')
  if (verb === 'create') return allow
  if (['get', 'update', 'patch', 'delete'].includes(verb)) return related(question, 'resourceslices')
  if (['watch', 'list', 'deletecollection'].includes(verb)) {
    if (selectsField(question, 'spec.nodeName')) return allow
    return noOpinion('can only list/watch/deletecollection resourceslices with nodeName field selector')
  }
  return noOpinion(
    'only the following verbs are allowed for a ResourceSlice: get, watch, list, create, update, patch, delete, deletecollection',
  )
}

function ownNode({ verb, subresource, name, nodeName }: Question): Decision {
  // NodeRestriction admission keeps writes to the node's own object.
  if (subresource === 'status') return verb === 'update' || verb === 'patch' ? allow : noOpinion('')
  if (subresource !== '') return noOpinion('')
  if (['create', 'update', 'patch'].includes(verb)) return allow
  if (!['get', 'list', 'watch'].includes(verb)) return noOpinion('')
  if (name === nodeName) return allow
  if (name === '') return noOpinion(`node '${nodeName}' cannot read all nodes, only its own Node object`)
  return noOpinion(`node '${nodeName}' cannot read '${name}', only its own Node object`)
}

function ownPods(question: Question): Decision {
  const { verb, subresource, name } = question
  // NodeRestriction admission keeps writes to pods bound to the node.
  if (subresource === 'status') return verb === 'update' || verb === 'patch' ? allow : noOpinion('')
  if (subresource === 'eviction') return verb === 'create' ? allow : noOpinion('')
  if (subresource !== '') return noOpinion('')
  if (verb === 'create' || verb === 'delete') return allow
  if (verb === 'get') return getOne(question, 'pods')
  if (verb !== 'list' && verb !== 'watch') return noOpinion('')
  if (selectsField(question, 'spec.nodeName')) return allow
  return name === '' ? noOpinion('can only list/watch pods with spec.nodeName field selector') : related(question, 'pods')
}

/** Whether the request's field selector pins `field` to the node's name. */
const selectsField = ({ attributes, nodeName }: Question, field: string): boolean => {
  if (!attributes.fieldSelector) return false
  try {
    return parseFieldSelector(attributes.fieldSelector).requiredValue(field) === nodeName
  } catch {
    // A selector that cannot be read restricts nothing; the request itself will be refused for it.
    return false
  }
}
