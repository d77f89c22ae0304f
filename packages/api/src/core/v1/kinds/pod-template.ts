import { defineKind } from '../../../declaration/define-kind.js'
import type { ListOf, TypeOf } from '../../../declaration/type-of.js'
import type { Kind } from '../../../kind.js'

export type PodTemplate = TypeOf<'core.v1.PodTemplate'>
export type PodTemplateList = ListOf<PodTemplate>

export const PodTemplate: Kind<PodTemplate> = defineKind('core.v1.PodTemplate', {
  plural: 'podtemplates',
})
