import { ageColumn, nameColumn } from '../../../declaration/columns.js'
import { defineKind } from '../../../declaration/define-kind.js'
import type { ListOf, TypeOf } from '../../../declaration/type-of.js'
import type { Kind } from '../../../kind.js'

export type ResourceClaimTemplate = TypeOf<'resource.v1.ResourceClaimTemplate'>
export type ResourceClaimTemplateList = ListOf<ResourceClaimTemplate>

/** What claims are made from, one for each pod. */
export const ResourceClaimTemplate: Kind<ResourceClaimTemplate> = defineKind('resource.v1.ResourceClaimTemplate', {
  plural: 'resourceclaimtemplates',
  columns: [nameColumn, ageColumn],
  strategy: { returnDeletedObject: true },
})
