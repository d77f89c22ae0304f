import type { FieldError } from '@treeline/machinery'
import type { MetadataValidation } from '../kind.js'
import type { TypeName, TypeOf } from './type-of.js'

/** What is checked of a kind beyond the types of its fields and its metadata, when all defaults are filled in. */
export interface Validation<T> {
  validate?(object: T): FieldError[]
  /** Of an update of the main resource; it checks the new object as a whole too, where that is wanted. */
  validateUpdate?(object: T, old: T): FieldError[]
  validateStatusUpdate?(object: T, old: T): FieldError[]
  /** Where metadata is treated otherwise than usual. */
  readonly metadata?: MetadataValidation
  /** Of updates through other subresources, such as `approval` or `resize`. */
  readonly subresources?: Readonly<Record<string, (object: T, old: T) => FieldError[]>>
}

/** Validations by the name of the kind's type, such as `core.v1.Pod`. */
export type ValidationsTable = { readonly [Name in TypeName]?: Validation<TypeOf<Name>> }
