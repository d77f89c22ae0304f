import type { ValidationsTable } from '../../declaration/validations.js'
import { validatingAdmissionPolicyBindingValidation, validatingAdmissionPolicyValidation } from './validating-admission-policy.js'
import { webhookConfigurationValidation } from './webhook-configuration.js'

export const admissionregistrationValidations: ValidationsTable = {
  'admissionregistration.v1.MutatingWebhookConfiguration': webhookConfigurationValidation,
  'admissionregistration.v1.ValidatingAdmissionPolicy': validatingAdmissionPolicyValidation,
  'admissionregistration.v1.ValidatingAdmissionPolicyBinding': validatingAdmissionPolicyBindingValidation,
  'admissionregistration.v1.ValidatingWebhookConfiguration': webhookConfigurationValidation,
}
