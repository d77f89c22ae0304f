import {
  type CertificateSigningRequest,
  Node,
  type PersistentVolumeClaim,
  Pod,
  type PodStatus,
  type ResourceSlice,
  type TokenRequest,
} from '@treeline/api'
import { deepEqual, errors } from '@treeline/machinery'
import { nodesGroup, nodeUserPrefix } from '../../authentication/identities.js'
import type { Authorizer } from '../../authorization/authorizer.js'
import { readSigningRequest } from '../../pki/signing-request.js'
import type { ApiInternals } from '../../registry/internals.js'
import type { AdmissionAttributes, AdmissionPlugin } from '../admission.js'
import { refused } from '../refusal.js'
import { mayRequestAudience } from './audiences.js'
import { mirrorPodProblem } from './mirror-pod.js'
import { forbiddenLabels } from './node-labels.js'

/** A request of a kubelet, with the node it speaks for. */
interface NodeRequest {
  readonly attributes: AdmissionAttributes
  readonly nodeName: string
  readonly internals: ApiInternals
  readonly authorizer: Authorizer
}

/** A kubelet changes its own node, its own lease and pods bound to it, and nothing that would draw other pods to it. */
export function nodeRestriction(internals: ApiInternals, authorizer: Authorizer): AdmissionPlugin {
  return {
    name: 'NodeRestriction',
    async admit(attributes) {
      const { user, kind } = attributes
      if (!user.name.startsWith(nodeUserPrefix) || !user.groups.includes(nodesGroup)) return
      const nodeName = user.name.slice(nodeUserPrefix.length)
      if (nodeName === '') throw refused(attributes, `could not determine node from user "${user.name}"`)
      await rules[kind.group === '' ? kind.plural : `${kind.plural}.${kind.group}`]?.({ attributes, nodeName, internals, authorizer })
    },
  }
}

const rules: Readonly<Record<string, (request: NodeRequest) => void | Promise<void>>> = {
  pods: admitPod,
  nodes: admitNode,
  persistentvolumeclaims: admitClaim,
  serviceaccounts: admitToken,
  'leases.coordination.k8s.io': admitLease,
  'csinodes.storage.k8s.io': admitCsiNode,
  'resourceslices.resource.k8s.io': admitResourceSlice,
  'certificatesigningrequests.certificates.k8s.io': admitSigningRequest,
}

function admitPod(request: NodeRequest): void {
  const { attributes } = request
  const rule = podRules[attributes.subresource ?? '']
  if (!rule) throw refused(attributes, `unexpected pod subresource "${attributes.subresource}", only 'status' and 'eviction' are allowed`)
  rule(request)
}

const podRules: Readonly<Record<string, (request: NodeRequest) => void>> = {
  '': admitPodItself,
  status: admitPodStatus,
  eviction: admitEviction,
}

function admitPodItself({ attributes, nodeName, internals }: NodeRequest): void {
  const { operation, object } = attributes
  if (operation === 'CREATE') {
    const problem = mirrorPodProblem(object as Pod, nodeName, internals.get(Node, undefined, nodeName))
    if (problem) throw refused(attributes, problem)
    return
  }
  if (operation !== 'DELETE') {
    throw refused(attributes, `unexpected operation "${operation}", node "${nodeName}" can only create and delete mirror pods`)
  }
  if (boundPod(attributes, internals).spec?.nodeName === nodeName) return
  throw refused(attributes, `node "${nodeName}" can only delete pods with spec.nodeName set to itself`)
}

function admitPodStatus({ attributes, nodeName }: NodeRequest): void {
  if (attributes.operation !== 'UPDATE') throw refused(attributes, `unexpected operation "${attributes.operation}"`)
  const [pod, old] = [attributes.object as Pod, attributes.oldObject as Pod]
  if (old.spec?.nodeName !== nodeName) {
    throw refused(attributes, `node "${nodeName}" can only update pod status for pods with spec.nodeName set to itself`)
  }
  if (!deepEqual(pod.metadata.labels ?? {}, old.metadata.labels ?? {})) {
    throw refused(attributes, `node "${nodeName}" cannot update labels through pod status`)
  }
  const claims = (status: PodStatus | undefined) => status?.resourceClaimStatuses ?? []
  if (!deepEqual(claims(pod.status), claims(old.status))) {
    throw refused(attributes, `node "${nodeName}" cannot update resource claim statues`)
  }
  if (!deepEqual(pod.status?.extendedResourceClaimStatus, old.status?.extendedResourceClaimStatus)) {
    throw refused(attributes, `node "${nodeName}" cannot update extended resource claim status`)
  }
}

function admitEviction({ attributes, nodeName, internals }: NodeRequest): void {
  if (attributes.operation !== 'CREATE') throw refused(attributes, `unexpected operation ${attributes.operation}`)
  if (boundPod(attributes, internals).spec?.nodeName === nodeName) return
  throw refused(attributes, `node ${nodeName} can only evict pods with spec.nodeName set to itself`)
}

function admitNode({ attributes, nodeName }: NodeRequest): void {
  const { operation, object, oldObject } = attributes
  const name = attributes.name || object?.metadata.name || ''
  if (name !== nodeName) throw refused(attributes, `node "${nodeName}" is not allowed to modify node "${name}"`)
  if (operation !== 'CREATE' && operation !== 'UPDATE') return
  const [node, old] = [object as Node, oldObject as Node | undefined]
  if (node.spec?.configSource && !deepEqual(node.spec.configSource, old?.spec?.configSource)) {
    const what = old ? 'update configSource to a new non-nil configSource' : 'create pods with a non-nil configSource'
    throw refused(attributes, `node "${nodeName}" is not allowed to ${what}`)
  }
  if (old && !deepEqual(node.spec?.taints ?? [], old.spec?.taints ?? [])) {
    throw refused(attributes, `node "${nodeName}" is not allowed to modify taints`)
  }
  if (old && !deepEqual(node.metadata.ownerReferences ?? [], old.metadata.ownerReferences ?? [])) {
    throw refused(attributes, `node "${nodeName}" is not allowed to modify ownerReferences`)
  }
  const labels = forbiddenLabels(node.metadata.labels, old?.metadata.labels).join(', ')
  if (labels === '') return
  throw refused(
    attributes,
    old ? `is not allowed to modify labels: ${labels}` : `node "${nodeName}" is not allowed to set the following labels: ${labels}`,
  )
}

function admitClaim({ attributes, nodeName }: NodeRequest): void {
  if (attributes.subresource !== 'status') throw refused(attributes, 'may only update PVC status')
  if (attributes.operation !== 'UPDATE') throw refused(attributes, `unexpected operation "${attributes.operation}"`)
  const rest = ({ metadata, status, ...others }: PersistentVolumeClaim) => {
    const { resourceVersion: _version, managedFields: _fields, ...meta } = metadata
    const {
      capacity: _capacity,
      conditions: _conditions,
      allocatedResources: _amounts,
      allocatedResourceStatuses: _statuses,
      ...told
    } = status ?? {}
    return { ...others, metadata: meta, status: told }
  }
  if (deepEqual(rest(attributes.object as PersistentVolumeClaim), rest(attributes.oldObject as PersistentVolumeClaim))) return
  throw refused(attributes, `node "${nodeName}" is not allowed to update fields other than status.quantity and status.conditions`)
}

async function admitToken({ attributes, nodeName, internals, authorizer }: NodeRequest): Promise<void> {
  if (attributes.operation !== 'CREATE' || attributes.subresource !== 'token') return
  const { spec } = attributes.object as unknown as TokenRequest
  const reference = spec.boundObjectRef
  if (reference?.apiVersion !== 'v1' || reference.kind !== 'Pod' || !reference.name) {
    throw refused(attributes, 'node requested token not bound to a pod')
  }
  if (!reference.uid) throw refused(attributes, 'node requested token with a pod binding without a uid')
  const pod = internals.get(Pod, attributes.namespace, reference.name)
  if (!pod) throw errors.notFound({ group: '', resource: 'pods' }, reference.name)
  if (pod.metadata.uid !== reference.uid) {
    throw refused(
      attributes,
      `the UID in the bound object reference (${reference.uid}) does not match the UID in record. The object might have been deleted and then recreated`,
    )
  }
  if (pod.spec?.nodeName !== nodeName) throw refused(attributes, 'node requested token bound to a pod scheduled on a different node')
  await mayRequestAudience(attributes, pod, spec.audiences ?? [], internals, authorizer)
}

function admitLease({ attributes, nodeName }: NodeRequest): void {
  if (attributes.namespace !== 'kube-node-lease') {
    throw refused(attributes, 'can only access leases in the "kube-node-lease" system namespace')
  }
  if (nameOf(attributes) !== nodeName) {
    throw refused(attributes, 'can only access node lease with the same name as the requesting node')
  }
}

function admitCsiNode({ attributes, nodeName }: NodeRequest): void {
  if (nameOf(attributes) !== nodeName) throw refused(attributes, 'can only access CSINode with the same name as the requesting node')
}

function admitResourceSlice({ attributes, nodeName }: NodeRequest): void {
  const { operation, object, oldObject } = attributes
  if (operation === 'CREATE' && (object as ResourceSlice).spec.nodeName !== nodeName) {
    throw refused(attributes, 'can only create ResourceSlice with the same NodeName as the requesting node')
  }
  if (operation === 'DELETE' && (oldObject as ResourceSlice | undefined)?.spec.nodeName !== nodeName) {
    throw refused(attributes, 'can only delete ResourceSlice with the same NodeName as the requesting node')
  }
}

const kubeletSigners = new Set(['kubernetes.io/kubelet-serving', 'kubernetes.io/kube-apiserver-client-kubelet'])

async function admitSigningRequest({ attributes, nodeName }: NodeRequest): Promise<void> {
  if (attributes.operation !== 'CREATE') return
  const { spec } = attributes.object as CertificateSigningRequest
  if (!kubeletSigners.has(spec.signerName)) return
  const read = await readSigningRequest(Buffer.from(spec.request, 'base64').toString())
  if (!read) throw refused(attributes, 'unable to parse csr: PEM block type must be CERTIFICATE REQUEST')
  if (read.commonName !== `${nodeUserPrefix}${nodeName}`) {
    throw refused(attributes, `can only create a node CSR with CN=${nodeUserPrefix}${nodeName}`)
  }
}

const nameOf = ({ operation, name, object }: AdmissionAttributes): string | undefined =>
  operation === 'CREATE' ? object?.metadata.name : name

const boundPod = (attributes: AdmissionAttributes, internals: ApiInternals): Pod => {
  const { namespace, name = '' } = attributes
  const pod = internals.get(Pod, namespace, name)
  if (!pod) throw errors.notFound({ group: '', resource: 'pods' }, name)
  return pod
}
