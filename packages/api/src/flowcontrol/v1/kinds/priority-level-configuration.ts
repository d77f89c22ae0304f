import { ageColumn, column, nameColumn } from '../../../declaration/columns.js'
import { defineKind, statusSubresource } from '../../../declaration/define-kind.js'
import { restoreMetadata } from '../../../declaration/status-rules.js'
import type { ListOf, TypeOf } from '../../../declaration/type-of.js'
import type { Kind } from '../../../kind.js'

export type PriorityLevelConfiguration = TypeOf<'flowcontrol.v1.PriorityLevelConfiguration'>
export type PriorityLevelConfigurationList = ListOf<PriorityLevelConfiguration>

const queuing = ({ spec }: PriorityLevelConfiguration) => spec?.limited?.limitResponse?.queuing

/** How many requests of a sort are served at once, and what becomes of the others. */
export const PriorityLevelConfiguration: Kind<PriorityLevelConfiguration> = defineKind('flowcontrol.v1.PriorityLevelConfiguration', {
  plural: 'prioritylevelconfigurations',
  scope: 'Cluster',
  subresources: [statusSubresource],
  columns: [
    nameColumn,
    column('Type', 'string', 'Limited or Exempt.', ({ spec }) => spec?.type ?? ''),
    column(
      'NominalConcurrencyShares',
      'string',
      'Its share of what is served at once.',
      ({ spec }) => spec?.limited?.nominalConcurrencyShares ?? '<none>',
    ),
    column('Queues', 'string', 'How many queues.', (level) => queuing(level)?.queues ?? '<none>'),
    column('HandSize', 'string', 'How many queues a flow may use.', (level) => queuing(level)?.handSize ?? '<none>'),
    column('QueueLengthLimit', 'string', 'How many may wait in a queue.', (level) => queuing(level)?.queueLengthLimit ?? '<none>'),
    ageColumn,
  ],
  strategy: {
    generation: 'spec',
    prepareForStatusUpdate: (level, old) => restoreMetadata(level, old),
    resetFields: { '': ['status'], status: ['metadata', 'spec'] },
  },
})
