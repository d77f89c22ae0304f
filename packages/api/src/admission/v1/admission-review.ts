import type { TypeTable } from '../../declaration/type-table.js'

export const admissionReviewTypes = {
  AdmissionRequest: {
    uid: ['string!', 1],
    kind: ['meta.v1.GroupVersionKind!', 2],
    resource: ['meta.v1.GroupVersionResource!', 3],
    subResource: ['string', 4],
    requestKind: ['meta.v1.GroupVersionKind?', 13],
    requestResource: ['meta.v1.GroupVersionResource?', 14],
    requestSubResource: ['string', 15],
    name: ['string', 5],
    namespace: ['string', 6],
    operation: ['Operation!', 7],
    userInfo: ['authentication.v1.UserInfo!', 8],
    object: ['any', 9],
    oldObject: ['any', 10],
    dryRun: ['boolean?', 11],
    options: ['any', 12],
  },
  AdmissionResponse: {
    uid: ['string!', 1],
    allowed: ['boolean!', 2],
    status: ['meta.v1.Status?', 3],
    patch: ['bytes', 4],
    patchType: ['PatchType?', 5],
    auditAnnotations: ['string{}', 6],
    warnings: ['string[]', 7],
  },
  AdmissionReview: {
    $: { object: true },
    request: ['AdmissionRequest?', 1],
    response: ['AdmissionResponse?', 2],
  },
  Operation: ['CREATE', 'UPDATE', 'DELETE', 'CONNECT', '*'],
  PatchType: ['JSONPatch', '*'],
} as const satisfies TypeTable
