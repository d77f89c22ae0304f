import { formatTime } from '@treeline/machinery'
import type { TypeOf } from '../../declaration/type-of.js'
import type { WriteRequest } from '../../kind.js'

type Request = TypeOf<'certificates.v1.CertificateSigningRequest'>
type Condition = TypeOf<'certificates.v1.CertificateSigningRequestCondition'>

/** A request is the user's who makes it, whatever it says of itself. */
export function prepareRequest({ spec }: Request, { user }: WriteRequest = {}): void {
  delete spec.username
  delete spec.uid
  delete spec.groups
  delete spec.extra
  if (!user) return
  spec.username = user.name
  if (user.uid) spec.uid = user.uid
  if (user.groups?.length) spec.groups = [...user.groups]
  const extra = Object.entries(user.extra ?? {})
  if (extra.length > 0) spec.extra = Object.fromEntries(extra.map(([key, values]) => [key, [...values]]))
}

/** The approver changes conditions and nothing else. */
export function prepareApproval(request: Request, old: Request, write?: WriteRequest): void {
  stampConditions(request, old, write)
  const conditions = request.status?.conditions
  request.spec = old.spec
  request.status = { ...old.status, ...(conditions && { conditions }) }
  if (!conditions) delete request.status.conditions
}

/** The signer, which writes the certificate, does not change the decision. */
export function keepDecision({ status }: Request, old: Request): void {
  for (const type of ['Approved', 'Denied']) {
    const before = (old.status?.conditions ?? []).filter((condition) => condition.type === type)
    const now = (status?.conditions ?? []).filter((condition) => condition.type === type)
    // Added or removed conditions are left for validation to refuse.
    if (!status?.conditions || before.length !== now.length) continue
    status.conditions = status.conditions.map((condition) => (condition.type === type ? (before.shift() ?? condition) : condition))
  }
}

/** Fills in when conditions were updated, and since when they hold. */
export function stampConditions({ status }: Request, old: Request, { now = new Date() }: WriteRequest = {}): void {
  const time = formatTime(now)
  if (!status?.conditions) return
  status.conditions = status.conditions.map((condition): Condition => {
    const same = old.status?.conditions?.find((before) => before.type === condition.type && before.status === condition.status)
    return {
      ...condition,
      lastUpdateTime: condition.lastUpdateTime ?? time,
      lastTransitionTime: condition.lastTransitionTime ?? same?.lastTransitionTime ?? time,
    }
  })
}
