import { ageColumn, nameColumn } from '../../../declaration/columns.js'
import { defineKind } from '../../../declaration/define-kind.js'
import type { ListOf, TypeOf } from '../../../declaration/type-of.js'
import type { Kind } from '../../../kind.js'

export type ServiceAccount = TypeOf<'core.v1.ServiceAccount'>
export type ServiceAccountList = ListOf<ServiceAccount>

/** An identity for pods. */
export const ServiceAccount: Kind<ServiceAccount> = defineKind('core.v1.ServiceAccount', {
  plural: 'serviceaccounts',
  shortNames: ['sa'],
  subresources: [{ name: 'token', verbs: ['create'], gvk: { group: 'authentication.k8s.io', version: 'v1', kind: 'TokenRequest' } }],
  columns: [nameColumn, ageColumn],
  strategy: {
    returnDeletedObject: true,
    prepareForCreate: keepOnlyNames,
    prepareForUpdate: keepOnlyNames,
    warningsOnCreate: (account) => annotationWarnings(account),
    warningsOnUpdate: annotationWarnings,
  },
})

/** Secrets are in the account's own namespace; nothing else of a reference means anything. */
function keepOnlyNames(account: ServiceAccount): void {
  if (account.secrets) account.secrets = account.secrets.map(({ name }) => ({ name }))
}

const mountableSecrets = 'kubernetes.io/enforce-mountable-secrets'

function annotationWarnings(account: ServiceAccount, old?: ServiceAccount): string[] {
  const annotations = account.metadata.annotations ?? {}
  if (!(mountableSecrets in annotations) || (old && mountableSecrets in (old.metadata.annotations ?? {}))) return []
  return [
    `metadata.annotations[${mountableSecrets}]: deprecated in v1.32+; prefer separate namespaces to isolate access to mounted secrets`,
  ]
}
