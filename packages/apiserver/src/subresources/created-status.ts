import type { SubresourceAnswer } from '../registry/subresource-handler.js'

/** Says that what was asked for was done, and that there is nothing to show. */
export const createdStatus: SubresourceAnswer = {
  status: 201,
  object: { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', code: 201 },
}
