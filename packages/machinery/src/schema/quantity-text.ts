/** Why `text` is no quantity, in upstream's words; undefined when it is one. */
export function quantityProblem(text: string): string | undefined {
  return /^[+-]?(\d+\.?\d*|\.\d+)([KMGTPE]i|[numkMGTPE]?|[eE][+-]?\d{1,3})$/.test(text)
    ? undefined
    : "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'"
}

/** The canonical text of a quantity. */
export function canonicalQuantity(text: string): string {
  return text
}
