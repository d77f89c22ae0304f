import { column, nameColumn } from '../../../declaration/columns.js'
import { defineKind } from '../../../declaration/define-kind.js'
import { schemaOf } from '../../../declaration/schema-of.js'
import type { ListOf, TypeOf } from '../../../declaration/type-of.js'
import type { Kind } from '../../../kind.js'

export type ComponentStatus = TypeOf<'core.v1.ComponentStatus'>
export type ComponentStatusList = ListOf<ComponentStatus>

/** How the parts of the control plane are; asked when read, never stored. */
export const ComponentStatus: Kind<ComponentStatus> = defineKind('core.v1.ComponentStatus', {
  plural: 'componentstatuses',
  shortNames: ['cs'],
  scope: 'Cluster',
  stored: false,
  verbs: ['get', 'list'],
  listSchema: schemaOf('core.v1.ComponentStatusList'),
  deprecationWarning: 'v1 ComponentStatus is deprecated in v1.19+',
  columns: [
    nameColumn,
    column('Status', 'string', 'Whether it is healthy.', (component) => {
      const condition = healthy(component)
      return condition ? (condition.status === 'True' ? 'Healthy' : 'Unhealthy') : 'Unknown'
    }),
    column('Message', 'string', 'What it says of itself.', (component) => healthy(component)?.message ?? ''),
    column('Error', 'string', 'What went wrong when it was asked.', (component) => healthy(component)?.error ?? ''),
  ],
})

const healthy = ({ conditions }: ComponentStatus) => conditions?.find(({ type }) => type === 'Healthy')
