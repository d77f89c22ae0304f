import { defineKind, statusSubresource } from '../../../declaration/define-kind.js'
import type { ListOf, TypeOf } from '../../../declaration/type-of.js'
import type { Kind } from '../../../kind.js'

export type PriorityLevelConfiguration = TypeOf<'flowcontrol.v1.PriorityLevelConfiguration'>
export type PriorityLevelConfigurationList = ListOf<PriorityLevelConfiguration>

export const PriorityLevelConfiguration: Kind<PriorityLevelConfiguration> = defineKind('flowcontrol.v1.PriorityLevelConfiguration', {
  plural: 'prioritylevelconfigurations',
  scope: 'Cluster',
  subresources: [statusSubresource],
})
