export * from './admission/v1/index.js'
export * from './admissionregistration/v1/index.js'
export * from './apidiscovery/v2/index.js'
export * from './apiextensions/v1/index.js'
export * from './apiregistration/v1/index.js'
export * from './apps/v1/index.js'
export * from './authentication/v1/index.js'
export * from './authorization/v1/index.js'
export * from './autoscaling/v1/index.js'
export * from './autoscaling/v2/index.js'
export * from './batch/v1/index.js'
export { builtinKinds } from './builtin-kinds.js'
export * from './certificates/v1/index.js'
export * from './coordination/v1/index.js'
export * from './core/v1/index.js'
export { ageColumn, column, createdAtColumn, nameColumn, wideColumn } from './declaration/columns.js'
export { defineKind, type KindDeclaration, scaleSubresource, statusSubresource } from './declaration/define-kind.js'
export { schemaOf } from './declaration/schema-of.js'
export type { GroupKey, ListOf, TypeName, TypeOf } from './declaration/type-of.js'
export * from './discovery/v1/index.js'
export * from './events/v1/index.js'
export * from './flowcontrol/v1/index.js'
export type {
  Cell,
  Column,
  DecodedObject,
  Getter,
  Kind,
  MetadataValidation,
  RowCondition,
  StoredAs,
  Strategy,
  Subresource,
  SubresourceStrategy,
  Verb,
  WriteRequest,
} from './kind.js'
export * from './meta/v1/index.js'
export * from './networking/v1/index.js'
export * from './node/v1/index.js'
export * from './policy/v1/index.js'
export * from './rbac/v1/index.js'
export * from './resource/v1/index.js'
export * from './resources/index.js'
export * from './scheduling/v1/index.js'
export * from './storage/v1/index.js'
