import { defineKind, statusSubresource } from '../../../declaration/define-kind.js'
import type { ListOf, TypeOf } from '../../../declaration/type-of.js'
import type { Kind } from '../../../kind.js'

export type CustomResourceDefinition = TypeOf<'apiextensions.v1.CustomResourceDefinition'>
export type CustomResourceDefinitionList = ListOf<CustomResourceDefinition>

/** A kind of the cluster's own. */
export const CustomResourceDefinition: Kind<CustomResourceDefinition> = defineKind('apiextensions.v1.CustomResourceDefinition', {
  plural: 'customresourcedefinitions',
  shortNames: ['crd', 'crds'],
  categories: ['api-extensions'],
  scope: 'Cluster',
  subresources: [statusSubresource],
  storagePrefix: 'apiextensions.k8s.io/customresourcedefinitions',
  strategy: {
    generation: 'spec',
    allowUnconditionalUpdate: false,
    prepareForCreate: noteStoredVersion,
    prepareForUpdate: noteStoredVersion,
  },
})

/** Objects may be stored in every version that ever was the storage version. */
function noteStoredVersion(definition: CustomResourceDefinition): void {
  const stored = definition.spec.versions?.find(({ storage }) => storage)?.name
  const known = definition.status?.storedVersions ?? []
  if (stored !== undefined && !known.includes(stored)) definition.status = { ...definition.status, storedVersions: [...known, stored] }
}
