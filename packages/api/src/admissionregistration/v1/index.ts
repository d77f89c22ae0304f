import type { Kind } from '../../kind.js'
import { MutatingWebhookConfiguration } from './kinds/mutating-webhook-configuration.js'
import { ValidatingAdmissionPolicy } from './kinds/validating-admission-policy.js'
import { ValidatingAdmissionPolicyBinding } from './kinds/validating-admission-policy-binding.js'
import { ValidatingWebhookConfiguration } from './kinds/validating-webhook-configuration.js'

export * from './kinds/mutating-webhook-configuration.js'
export * from './kinds/validating-admission-policy.js'
export * from './kinds/validating-admission-policy-binding.js'
export * from './kinds/validating-webhook-configuration.js'
export type * from './types.js'

/** In discovery's order. */
export const admissionregistrationV1Kinds: readonly Kind[] = [
  MutatingWebhookConfiguration,
  ValidatingAdmissionPolicy,
  ValidatingAdmissionPolicyBinding,
  ValidatingWebhookConfiguration,
]
