import { defineKind, statusSubresource } from '../../../declaration/define-kind.js'
import type { ListOf, TypeOf } from '../../../declaration/type-of.js'
import type { Kind } from '../../../kind.js'

export type FlowSchema = TypeOf<'flowcontrol.v1.FlowSchema'>
export type FlowSchemaList = ListOf<FlowSchema>

export const FlowSchema: Kind<FlowSchema> = defineKind('flowcontrol.v1.FlowSchema', {
  plural: 'flowschemas',
  scope: 'Cluster',
  subresources: [statusSubresource],
})
