import { admissionReviewTypes } from './admission-review.js'

/** Every declared type of admission.v1. */
export const admissionV1Types = { ...admissionReviewTypes } as const
