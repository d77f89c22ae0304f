import { CertificateSigningRequest, type SubjectAccessReview } from '@treeline/api'
import { type ControllerDefinition, defineController, on, type ReconcileContext } from '@treeline/client'
import { formatTime } from '@treeline/machinery'
import { kubeletClientSigner, signers } from './signers.js'
import { hasCondition, type ReadRequest, readRequest } from './signing-request.js'

interface Recognized {
  /** Subresource that the requester must be allowed to create. */
  readonly permission: string
  readonly message: string
}

const ownNode: Recognized = {
  permission: 'selfnodeclient',
  message: 'Auto approving self kubelet client certificate after SubjectAccessReview.',
}
const anyNode: Recognized = { permission: 'nodeclient', message: 'Auto approving kubelet client certificate after SubjectAccessReview.' }

const reviews = {
  group: 'authorization.k8s.io',
  version: 'v1',
  kind: 'SubjectAccessReview',
  plural: 'subjectaccessreviews',
  scope: 'Cluster',
} as const

/** Approves client certificates of node agents whose requesters are allowed to have them. */
export function certificateApprovalController(): ControllerDefinition {
  return defineController({
    name: 'certificatesigningrequest-approving-controller',
    workers: 5,
    backoff: { base: 200, cap: 1_000_000 },
    watches: [on(CertificateSigningRequest)],
    async reconcile(key, context) {
      const csr = context.cache.get(CertificateSigningRequest, key)
      if (!csr || csr.status?.certificate || hasCondition(csr, 'Approved') || hasCondition(csr, 'Denied')) return undefined
      if (csr.spec?.signerName !== kubeletClientSigner) return undefined
      const request = await readRequest(csr)
      const recognized = recognize(csr, request)
      for (const candidate of recognized) {
        if (!(await isAllowed(context, csr, candidate.permission))) continue
        await approve(context, csr, candidate.message)
        return undefined
      }
      return undefined
    },
  })
}

function recognize(csr: CertificateSigningRequest, request: ReadRequest): Recognized[] {
  const { signerName = '', usages = [], username } = csr.spec ?? {}
  if (signers.get(signerName)?.(request, usages) !== undefined) return []
  return username === request.commonName ? [ownNode, anyNode] : [anyNode]
}

async function isAllowed({ client, signal }: ReconcileContext, { spec }: CertificateSigningRequest, subresource: string): Promise<boolean> {
  const review: SubjectAccessReview = {
    apiVersion: 'authorization.k8s.io/v1',
    kind: 'SubjectAccessReview',
    metadata: {},
    spec: {
      user: spec?.username,
      uid: spec?.uid,
      groups: spec?.groups,
      extra: spec?.extra,
      resourceAttributes: {
        group: 'certificates.k8s.io',
        resource: 'certificatesigningrequests',
        verb: 'create',
        subresource,
        version: '*',
      },
    },
  }
  const answer = await client.create<SubjectAccessReview>(reviews, review, { signal })
  return answer.status?.allowed === true
}

async function approve({ client, clock, signal }: ReconcileContext, csr: CertificateSigningRequest, message: string): Promise<void> {
  const time = formatTime(new Date(clock.now()))
  const condition = {
    type: 'Approved',
    status: 'True',
    reason: 'AutoApproved',
    message,
    lastUpdateTime: time,
    lastTransitionTime: time,
  } as const
  const status = { ...csr.status, conditions: [...(csr.status?.conditions ?? []), condition] }
  await client.update(CertificateSigningRequest, { ...csr, status }, { subresource: 'approval', signal })
}
