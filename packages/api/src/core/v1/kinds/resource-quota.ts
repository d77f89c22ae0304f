import { Quantity } from '@treeline/machinery'
import { ageColumn, column, nameColumn } from '../../../declaration/columns.js'
import { defineKind, statusSubresource } from '../../../declaration/define-kind.js'
import type { ListOf, TypeOf } from '../../../declaration/type-of.js'
import type { Kind } from '../../../kind.js'

export type ResourceQuota = TypeOf<'core.v1.ResourceQuota'>
export type ResourceQuotaList = ListOf<ResourceQuota>

/** Bounds of what all objects of a namespace together may use. */
export const ResourceQuota: Kind<ResourceQuota> = defineKind('core.v1.ResourceQuota', {
  plural: 'resourcequotas',
  shortNames: ['quota'],
  subresources: [statusSubresource],
  columns: [
    nameColumn,
    column('Request', 'string', 'Requests and counts: used, of what is allowed.', (quota) => usage(quota, false)),
    column('Limit', 'string', 'Limits: used, of what is allowed.', (quota) => usage(quota, true)),
    ageColumn,
  ],
  strategy: { returnDeletedObject: true, warningsOnCreate: warnings },
})

function usage({ status }: ResourceQuota, limits: boolean): string {
  const names = Object.keys(status?.hard ?? {}).filter((name) => name.startsWith('limits.') === limits)
  return names
    .sort()
    .map((name) => `${name}: ${Quantity.parse(status?.used?.[name] ?? '0')}/${Quantity.parse(status?.hard?.[name] ?? '0')}`)
    .join(', ')
}

/** Requests above limits can never be used up. */
function warnings({ spec }: ResourceQuota): string[] {
  const hard = spec?.hard ?? {}
  return compared.flatMap((name) => {
    const requestName = [`requests.${name}`, ...(name === 'cpu' || name === 'memory' ? [name] : [])].find((candidate) => candidate in hard)
    const limitName = `limits.${name}`
    const request = requestName === undefined ? undefined : hard[requestName]
    const limit = hard[limitName]
    if (request === undefined || limit === undefined || Quantity.parse(request).cmp(Quantity.parse(limit)) <= 0) return []
    return [`ResourceQuota ${requestName} (${Quantity.parse(request)}) should be less than ${limitName} (${Quantity.parse(limit)})`]
  })
}

const compared = ['cpu', 'memory', 'storage', 'ephemeral-storage']
