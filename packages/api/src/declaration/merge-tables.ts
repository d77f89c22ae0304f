/**
 * One table of several; of two entries of one name the later one stays. Spreading them would make the compiler look at the types of all
 * members that a table over every type name could have.
 */
export function mergeTables<Table extends object>(tables: readonly Table[]): Table {
  return Object.assign({}, ...tables)
}
