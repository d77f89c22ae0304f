import { type FieldError, FieldPath, fieldErrors, quote } from '@treeline/machinery'

const annotation = 'api-approved.kubernetes.io'
const reference = 'see https://github.com/kubernetes/enhancements/pull/1111'

/** What the approval annotation says. */
export interface ApiApproval {
  readonly state: 'approved' | 'bypassed' | 'missing' | 'invalid'
  readonly reason: string
}

/** Whether kinds of the group need the approval of its community. */
export function isProtectedGroup(group: string): boolean {
  return ['k8s.io', 'kubernetes.io'].some((domain) => group === domain || group.endsWith(`.${domain}`))
}

/** The state of the approval that a definition's annotations claim. */
export function apiApprovalOf(annotations: Readonly<Record<string, string>> | undefined): ApiApproval {
  const text = annotations?.[annotation] ?? ''
  if (text === '') return { state: 'missing', reason: `protected groups must have approval annotation ${quote(annotation)}, ${reference}` }
  if (text.startsWith('unapproved')) return { state: 'bypassed', reason: `not approved: ${quote(text)}` }
  if (/^[A-Za-z][A-Za-z0-9+.-]*:\/\/[^/?#\s]+/.test(text)) return { state: 'approved', reason: `approved in ${text}` }
  const reason = `protected groups must have approval annotation ${quote(annotation)} with either a URL or a reason starting with "unapproved", ${reference}`
  return { state: 'invalid', reason }
}

interface Annotated {
  readonly metadata: { readonly annotations?: Readonly<Record<string, string>> }
  readonly spec: { readonly group: string }
}

/** A definition of a protected group needs an approval, unless an update leaves the claim as it was. */
export function apiApprovalErrors(definition: Annotated, old?: Annotated): FieldError[] {
  if (!isProtectedGroup(definition.spec.group ?? '')) return []
  const { annotations } = definition.metadata
  const { state, reason } = apiApprovalOf(annotations)
  if (old && apiApprovalOf(old.metadata.annotations).state === state) return []
  const path = FieldPath.root('metadata', 'annotations').key(annotation)
  if (state === 'invalid') return [fieldErrors.invalid(path, annotations?.[annotation] ?? '', reason)]
  return state === 'missing' ? [fieldErrors.required(path, reason)] : []
}
