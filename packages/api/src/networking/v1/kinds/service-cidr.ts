import { ageColumn, column, nameColumn } from '../../../declaration/columns.js'
import { defineKind, statusSubresource } from '../../../declaration/define-kind.js'
import { restoreMetadata } from '../../../declaration/status-rules.js'
import type { ListOf, TypeOf } from '../../../declaration/type-of.js'
import type { Kind } from '../../../kind.js'

export type ServiceCIDR = TypeOf<'networking.v1.ServiceCIDR'>
export type ServiceCIDRList = ListOf<ServiceCIDR>

/** A range services get their addresses from. */
export const ServiceCIDR: Kind<ServiceCIDR> = defineKind('networking.v1.ServiceCIDR', {
  plural: 'servicecidrs',
  scope: 'Cluster',
  subresources: [statusSubresource],
  columns: [
    nameColumn,
    column('CIDRs', 'string', 'The ranges, one of each family.', ({ spec }) => (spec?.cidrs ?? []).join(',')),
    ageColumn,
  ],
  strategy: {
    mayWriteStatus: 'always',
    prepareForStatusUpdate: (range, old) => restoreMetadata(range, old),
  },
})
