import type { ValidationsTable } from './validations.js'

/**
 * The validations of every kind, as one table, which `defineKind` reads. As kinds come to stand on it, its parts take the
 * types of objects from `TypeOf`, not from the files of the kinds.
 */
export const validationsTable: ValidationsTable = {}
