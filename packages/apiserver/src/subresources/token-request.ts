import { Node, Pod, Secret, ServiceAccount, TokenRequest } from '@treeline/api'
import { errors, FieldPath, fieldErrors, formatTime, parseGroupVersion } from '@treeline/machinery'
import type { ClaimsRequest } from '../authentication/service-account-claims.js'
import type { ServiceAccountIssuer } from '../authentication/service-account-issuer.js'
import type { SubresourceCall, SubresourceHandler } from '../registry/subresource-handler.js'
import { recordAuthor } from '../reviews/record-author.js'

/** Seconds: a token lives at least ten minutes. */
const shortest = 600
const longest = 2 ** 32
/** A pod's token of exactly this lifetime is of the kind that clients used to keep for ever; it is let live longer. */
const watchedLifetime = 3607
/** Seconds such a token lives in truth: a year. */
const extendedLifetime = 31_536_000

/** `serviceaccounts/NAME/token`: a token for a service account, bound to a pod, a node, a secret or nothing. */
export function serviceAccountToken(issuer: ServiceAccountIssuer, now: () => number): SubresourceHandler {
  return {
    group: '',
    resource: ServiceAccount.plural,
    subresource: 'token',
    verbs: ['create'],
    async handle(call) {
      const request = await call.body(TokenRequest)
      recordAuthor(call, TokenRequest, request, 'token')
      await call.admit('CREATE', request)
      const account = accountOf(call, request)
      const { spec } = request
      spec.audiences = spec.audiences?.length ? spec.audiences : [...issuer.audiences]
      Object.assign(request.metadata, { name: call.name, namespace: call.namespace, uid: account.metadata.uid })
      const issued = now()
      request.metadata.creationTimestamp = formatTime(new Date(issued))
      checkLifetime(spec.expirationSeconds ?? 3600)
      await call.validate('CREATE', request)
      const lifetime = spec.expirationSeconds ?? 3600
      const { token } = await issuer.issue(claimsOf(call, request, account, issuer, lifetime))
      const expirationTimestamp = formatTime(new Date(Math.floor(issued / 1000) * 1000 + lifetime * 1000))
      return { status: 201, object: { ...request, status: { token, expirationTimestamp } } }
    },
  }
}

function accountOf(call: SubresourceCall, request: TokenRequest): ServiceAccount {
  const { name = '', namespace = '', uid = '' } = request.metadata
  const invalid = (field: string, value: string) =>
    errors.invalid({ group: 'authentication.k8s.io', kind: 'TokenRequest' }, call.name, [
      fieldErrors.invalid(FieldPath.root('metadata', field), value, `must match the service account ${field} if specified`),
    ])
  if (name !== '' && name !== call.name) throw invalid('name', name)
  if (namespace !== '' && namespace !== call.namespace) throw invalid('namespace', namespace)
  const account = call.internals.get(ServiceAccount, call.namespace, call.name)
  if (!account) throw errors.notFound({ group: '', resource: ServiceAccount.plural }, call.name)
  if (uid !== '' && uid !== account.metadata.uid) {
    const problem = `the UID in the token request (${uid}) does not match the UID of the service account (${account.metadata.uid})`
    throw errors.conflict({ group: 'authentication.k8s.io', resource: 'TokenRequest' }, call.name, problem)
  }
  return account
}

function checkLifetime(seconds: number): void {
  const path = FieldPath.root('spec', 'expirationSeconds')
  const problem =
    seconds < shortest
      ? 'may not specify a duration less than 10 minutes'
      : seconds > longest
        ? 'may not specify a duration larger than 2^32 seconds'
        : undefined
  if (problem) {
    throw errors.invalid({ group: 'authentication.k8s.io', kind: 'TokenRequest' }, '', [fieldErrors.invalid(path, seconds, problem)])
  }
}

function claimsOf(
  call: SubresourceCall,
  { spec }: TokenRequest,
  account: ServiceAccount,
  issuer: ServiceAccountIssuer,
  lifetime: number,
): ClaimsRequest {
  const boundTo = boundObject(call, spec.boundObjectRef)
  const forServerOnly = (spec.audiences ?? []).every((audience) => issuer.audiences.includes(audience))
  const watched = lifetime === watchedLifetime && boundTo !== undefined && 'pod' in boundTo && forServerOnly
  return {
    namespace: call.namespace,
    serviceAccount: { name: call.name, uid: account.metadata.uid ?? '' },
    audiences: spec.audiences ?? [],
    lifetime: watched ? extendedLifetime : lifetime,
    ...(watched ? { warnAfter: watchedLifetime } : {}),
    ...(boundTo ? { boundTo } : {}),
  }
}

type BoundReference = NonNullable<TokenRequest['spec']['boundObjectRef']>

function boundObject(call: SubresourceCall, reference: BoundReference | undefined | null): ClaimsRequest['boundTo'] {
  if (!reference) return undefined
  const { group, version } = parseGroupVersion(reference.apiVersion ?? '')
  const { kind = '', name = '' } = reference
  if (group === '' && kind === 'Pod') {
    const pod = found(call.internals.get(Pod, call.namespace, name), Pod.plural, name)
    const { serviceAccountName = '', nodeName } = pod.spec ?? {}
    if (serviceAccountName !== call.name) {
      throw errors.badRequest(`cannot bind token for serviceaccount "${call.name}" to pod running with different serviceaccount name.`)
    }
    checkUid(reference, pod.metadata.uid)
    // A pod's token also tells where the pod runs, even when the node is gone.
    const node = nodeName ? { node: { name: nodeName, ...uidOf(call.internals.get(Node, undefined, nodeName)) } } : {}
    return { pod: { name, uid: pod.metadata.uid ?? '' }, ...node }
  }
  if (group === '' && kind === 'Node') {
    const node = found(call.internals.get(Node, undefined, name), Node.plural, name)
    checkUid(reference, node.metadata.uid)
    return { node: { name, uid: node.metadata.uid ?? '' } }
  }
  if (group === '' && kind === 'Secret') {
    const secret = found(call.internals.get(Secret, call.namespace, name), Secret.plural, name)
    checkUid(reference, secret.metadata.uid)
    return { secret: { name, uid: secret.metadata.uid ?? '' } }
  }
  throw errors.badRequest(`cannot bind token to object of type ${group}/${version}, Kind=${kind}`)
}

const found = <T>(object: T | undefined, resource: string, name: string): T => {
  if (!object) throw errors.notFound({ group: '', resource }, name)
  return object
}

const checkUid = ({ uid, kind = '', name = '' }: BoundReference, current: string | undefined): void => {
  if (!uid || uid === current) return
  const problem = `the UID in the bound object reference (${uid}) does not match the UID in record. The object might have been deleted and then recreated`
  throw errors.conflict({ group: '', resource: kind }, name, problem)
}

const uidOf = (object: { readonly metadata: { readonly uid?: string } } | undefined): { uid?: string } =>
  object?.metadata.uid === undefined ? {} : { uid: object.metadata.uid }
