import { validatingAdmissionPolicyTypes } from './validating-admission-policy.js'
import { webhookTypes } from './webhook.js'

/** Every declared type of admissionregistration.v1. */
export const admissionregistrationV1Types = { ...webhookTypes, ...validatingAdmissionPolicyTypes } as const
