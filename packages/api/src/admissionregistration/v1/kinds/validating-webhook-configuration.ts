import { ageColumn, column, nameColumn } from '../../../declaration/columns.js'
import { defineKind } from '../../../declaration/define-kind.js'
import type { ListOf, TypeOf } from '../../../declaration/type-of.js'
import type { Kind } from '../../../kind.js'

export type ValidatingWebhookConfiguration = TypeOf<'admissionregistration.v1.ValidatingWebhookConfiguration'>
export type ValidatingWebhookConfigurationList = ListOf<ValidatingWebhookConfiguration>

/** Webhooks that may refuse objects on their way into the store. */
export const ValidatingWebhookConfiguration: Kind<ValidatingWebhookConfiguration> = defineKind(
  'admissionregistration.v1.ValidatingWebhookConfiguration',
  {
    plural: 'validatingwebhookconfigurations',
    categories: ['api-extensions'],
    scope: 'Cluster',
    columns: [nameColumn, column('Webhooks', 'integer', 'How many webhooks.', ({ webhooks }) => webhooks?.length ?? 0), ageColumn],
    strategy: { generation: 'outside-metadata', allowUnconditionalUpdate: false },
  },
)
