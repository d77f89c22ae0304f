import type { CustomResourceColumnDefinition, CustomResourceDefinition, CustomResourceSubresources, SelectableField } from '@treeline/api'
import { deepEqual } from '@treeline/machinery'
import type { JsonSchema } from '../schema/json-schema.js'

/** What a version may declare and, when all versions declare the same, upstream sees as declared once for all. */
export interface VersionParts {
  readonly schema?: { readonly openAPIV3Schema?: JsonSchema }
  readonly subresources?: CustomResourceSubresources
  readonly additionalPrinterColumns?: readonly CustomResourceColumnDefinition[]
  readonly selectableFields?: readonly SelectableField[]
}

/** A version without the parts that all share. */
export interface HoistedVersion extends VersionParts {
  readonly name: string
  readonly served: boolean
  readonly storage: boolean
  readonly deprecated: boolean
  readonly deprecationWarning?: string
}

/**
 * A definition's spec as upstream validates it: parts that all versions share stand above them, so that errors name
 * `spec.validation.openAPIV3Schema` and the like.
 */
export interface HoistedSpec {
  readonly shared: VersionParts
  readonly versions: readonly HoistedVersion[]
  /** None were given, not even an empty list. */
  readonly unversioned: boolean
}

const partNames = ['schema', 'subresources', 'additionalPrinterColumns', 'selectableFields'] as const

/** Brings shared parts above the versions. */
export function hoist(spec: CustomResourceDefinition['spec']): HoistedSpec {
  const given = (spec.versions ?? []) as readonly HoistedVersion[]
  const [first] = given
  const isShared = (part: (typeof partNames)[number]): boolean =>
    first !== undefined && given.every((version) => deepEqual(version[part] ?? null, first[part] ?? null))
  const shared = partNames.filter(isShared)
  return {
    shared: Object.fromEntries(shared.map((part) => [part, first?.[part]])),
    unversioned: !spec.versions,
    versions: given.map((version) => ({ ...version, ...Object.fromEntries(shared.map((part) => [part, undefined])) })),
  }
}

/** The parts of one version, wherever they stand. */
export function partsOf(spec: HoistedSpec, version: HoistedVersion): VersionParts {
  return Object.fromEntries(partNames.map((part) => [part, version[part] ?? spec.shared[part]]))
}

/** Versions as upstream's messages show them. */
export function shownVersions(spec: HoistedSpec): object[] | null {
  if (spec.unversioned) return null
  return spec.versions.map((version) => ({
    Name: version.name,
    Served: version.served,
    Storage: version.storage,
    Deprecated: version.deprecated ?? false,
    DeprecationWarning: version.deprecationWarning ?? null,
    Schema: version.schema ? { OpenAPIV3Schema: version.schema.openAPIV3Schema ?? null } : null,
    Subresources: version.subresources ?? null,
    AdditionalPrinterColumns: version.additionalPrinterColumns ?? null,
    SelectableFields: version.selectableFields ?? null,
  }))
}
