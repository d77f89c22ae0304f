import { coreValidations } from '../validation/core/index.js'
import type { ValidationsTable } from './validations.js'

/** The validations of every kind, as one table, which `defineKind` reads. */
export const validationsTable: ValidationsTable = {
  ...coreValidations,
}
