import { defineKind, statusSubresource } from '../../../declaration/define-kind.js'
import type { ListOf, TypeOf } from '../../../declaration/type-of.js'
import type { Kind } from '../../../kind.js'

export type CustomResourceDefinition = TypeOf<'apiextensions.v1.CustomResourceDefinition'>
export type CustomResourceDefinitionList = ListOf<CustomResourceDefinition>

export const CustomResourceDefinition: Kind<CustomResourceDefinition> = defineKind('apiextensions.v1.CustomResourceDefinition', {
  plural: 'customresourcedefinitions',
  shortNames: ['crd', 'crds'],
  categories: ['api-extensions'],
  scope: 'Cluster',
  subresources: [statusSubresource],
  storagePrefix: 'apiextensions.k8s.io/customresourcedefinitions',
})
