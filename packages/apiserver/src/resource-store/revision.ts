import { errors } from '@treeline/machinery'

/** Reads a resourceVersion of a list or watch. Throws StatusError 400. */
export function parseRevision(text: string): number {
  if (/^\d+$/.test(text)) return Number(text)
  const quoted = JSON.stringify(text)
  throw errors.badRequest(
    `invalid resource version: resourceVersion: Invalid value: ${quoted}: strconv.ParseUint: parsing ${quoted}: invalid syntax`,
  )
}
