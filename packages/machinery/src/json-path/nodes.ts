/** One step of a JSONPath: takes the values so far and gives the next ones. */
export type PathNode =
  | { readonly kind: 'field'; readonly name: string }
  | { readonly kind: 'wildcard' }
  | { readonly kind: 'recursive' }
  | { readonly kind: 'slice'; readonly start: SliceBound; readonly end: SliceBound; readonly step: SliceBound }
  | { readonly kind: 'union'; readonly parts: readonly (readonly PathNode[])[] }
  | { readonly kind: 'filter'; readonly left: readonly PathNode[]; readonly operator: string; readonly right: readonly PathNode[] }
  | { readonly kind: 'literal'; readonly value: string | number | boolean; readonly type: ComparisonType }
  | { readonly kind: 'identifier'; readonly name: string }

/** A bound of `[start:end:step]`; `derived` is the end of a single index. */
export type SliceBound = { readonly known: false } | { readonly known: true; readonly value: number; readonly derived?: true }

/** Values compare only within one of these. */
export type ComparisonType = 'string' | 'int' | 'float' | 'bool'

/** The path is malformed, or does not fit the value. */
export class JsonPathError extends Error {
  override readonly name = 'JsonPathError'
}
