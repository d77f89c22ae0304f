/** What a regular expression demands, in words. */
export interface FormatRule {
  /** Sentence that begins the message. */
  readonly message: string
  /** Source of the expression without anchors, as the message prints it. */
  readonly format: string
  readonly examples: readonly string[]
}

/** Says what a value must look like: `… (e.g. 'my-name',  or '123-abc', regex used for validation is '…')`. */
export function formatMessage({ message, format, examples }: FormatRule): string {
  if (examples.length === 0) return `${message} (regex used for validation is '${format}')`
  return `${message} (e.g. ${examples.map((example) => `'${example}', `).join(' or ')}regex used for validation is '${format}')`
}

/** A check of one rule: no messages, or the rule's. */
export function formatCheck(rule: FormatRule): (value: string) => string[] {
  const pattern = new RegExp(`^(?:${rule.format})$`)
  const failure = formatMessage(rule)
  return (value) => (pattern.test(value) ? [] : [failure])
}

/** Most rules count characters in their words and bytes in fact; those for labels say bytes. */
export function lengthCheck(value: string, maximum: number, unit: 'characters' | 'bytes' = 'characters'): string[] {
  return Buffer.byteLength(value) > maximum ? [`must be no more than ${maximum} ${unit}`] : []
}

export const emptyMessage = 'must be non-empty'

/** `must be between 1 and 65535, inclusive`, unless the value is. */
export function validateInRange(value: number, minimum: number, maximum: number): string[] {
  return value >= minimum && value <= maximum ? [] : [`must be between ${minimum} and ${maximum}, inclusive`]
}
