/** What is wrong with a resourceVersion, in upstream's words. */
export function resourceVersionProblem(text: string): string | undefined {
  if (/^\d+$/.test(text)) return undefined
  return `resourceVersion: Invalid value: ${JSON.stringify(text)}: strconv.ParseUint: parsing ${JSON.stringify(text)}: invalid syntax`
}
