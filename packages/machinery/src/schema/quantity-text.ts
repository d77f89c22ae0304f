import { Quantity } from '../quantity/quantity.js'

/** Why `text` is no quantity, in upstream's words; undefined when it is one. */
export function quantityProblem(text: string): string | undefined {
  if (isCanonical(text)) return undefined
  try {
    Quantity.parse(text)
    return undefined
  } catch (error) {
    return (error as Error).message
  }
}

/** The canonical text of a quantity; a text that is none is returned as it is. */
export function canonicalQuantity(text: string): string {
  if (isCanonical(text)) return text
  try {
    return Quantity.parse(text).toString()
  } catch {
    // The caller has checked fields before and reports the problem there.
    return text
  }
}

// Most quantities in real objects are, and are told at first sight.
function isCanonical(text: string): boolean {
  const [, digits, binary] = plain.exec(text) ?? []
  if (digits === undefined) return false
  return Number(digits) % (binary === undefined ? 1000 : 1024) !== 0 || text === '0'
}

const plain = /^(0|[1-9]\d{0,8})(?:[mkMG]|([KMG]i))?$/
