import { ageColumn, column, nameColumn } from '../../../declaration/columns.js'
import { defineKind, statusSubresource } from '../../../declaration/define-kind.js'
import { restoreMetadata } from '../../../declaration/status-rules.js'
import type { ListOf, TypeOf } from '../../../declaration/type-of.js'
import type { Kind } from '../../../kind.js'

export type ResourceClaim = TypeOf<'resource.v1.ResourceClaim'>
export type ResourceClaimList = ListOf<ResourceClaim>

/** A request for devices, what it got, and who uses that. */
export const ResourceClaim: Kind<ResourceClaim> = defineKind('resource.v1.ResourceClaim', {
  plural: 'resourceclaims',
  subresources: [statusSubresource],
  columns: [nameColumn, column('State', 'string', 'Whether it has its devices, and is in use.', stateCell), ageColumn],
  strategy: {
    returnDeletedObject: true,
    prepareForStatusUpdate(claim, old) {
      restoreMetadata(claim, old)
      // Devices that are no longer allocated have nothing to report.
      if (old.status?.allocation && !claim.status?.allocation && claim.status) delete claim.status.devices
    },
    resetFields: { '': ['status'], status: ['metadata', 'spec'] },
  },
})

function stateCell({ metadata, status }: ResourceClaim): string {
  const deleted = metadata.deletionTimestamp !== undefined
  const states = deleted ? ['deleted'] : []
  if (status?.allocation) states.push('allocated', ...(status.reservedFor?.length ? ['reserved'] : []))
  else if (!deleted) states.push('pending')
  return states.join(',')
}
