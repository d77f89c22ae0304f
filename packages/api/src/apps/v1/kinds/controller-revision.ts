import { defineKind } from '../../../declaration/define-kind.js'
import type { ListOf, TypeOf } from '../../../declaration/type-of.js'
import type { Kind } from '../../../kind.js'

export type ControllerRevision = TypeOf<'apps.v1.ControllerRevision'>
export type ControllerRevisionList = ListOf<ControllerRevision>

export const ControllerRevision: Kind<ControllerRevision> = defineKind('apps.v1.ControllerRevision', {
  plural: 'controllerrevisions',
})
