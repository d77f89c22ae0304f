import { orNone } from '../../../declaration/cells.js'
import { ageColumn, column, nameColumn } from '../../../declaration/columns.js'
import { defineKind, statusSubresource } from '../../../declaration/define-kind.js'
import { restoreMetadata } from '../../../declaration/status-rules.js'
import type { ListOf, TypeOf } from '../../../declaration/type-of.js'
import type { Kind } from '../../../kind.js'

export type FlowSchema = TypeOf<'flowcontrol.v1.FlowSchema'>
export type FlowSchemaList = ListOf<FlowSchema>

/** Which requests belong together, and to which priority level. */
export const FlowSchema: Kind<FlowSchema> = defineKind('flowcontrol.v1.FlowSchema', {
  plural: 'flowschemas',
  scope: 'Cluster',
  subresources: [statusSubresource],
  columns: [
    nameColumn,
    column('PriorityLevel', 'string', 'The priority level of its requests.', ({ spec }) => spec?.priorityLevelConfiguration.name ?? ''),
    column('MatchingPrecedence', 'string', 'Of schemas that match, the least wins.', ({ spec }) => spec?.matchingPrecedence ?? 0),
    column('DistinguisherMethod', 'string', 'How its requests are told apart.', ({ spec }) => orNone(spec?.distinguisherMethod?.type)),
    ageColumn,
    column(
      'MissingPL',
      'string',
      'Whether the priority level is missing.',
      ({ status }) => status?.conditions?.find(({ type }) => type === 'Dangling')?.status ?? '?',
    ),
  ],
  strategy: {
    generation: 'spec',
    prepareForStatusUpdate: (schema, old) => restoreMetadata(schema, old),
    resetFields: { '': ['status'], status: ['metadata', 'spec'] },
  },
})
