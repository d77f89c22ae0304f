import { errors } from '../status/errors.js'

/** One term of a field selector. `==` is read as `=`. */
export interface FieldRequirement {
  readonly field: string
  readonly operator: '=' | '!='
  readonly value: string
}

/** All of its requirements must hold. Immutable. */
export class FieldSelector {
  private constructor(readonly requirements: readonly FieldRequirement[]) {}

  static of(requirements: readonly FieldRequirement[]): FieldSelector {
    return requirements.length === 0 ? everyField : new FieldSelector(requirements)
  }

  /** Matches every object. */
  static readonly everything = new FieldSelector([])

  /** True if the selector restricts nothing. */
  get empty(): boolean {
    return this.requirements.length === 0
  }

  /** `fields` gives the value of a field as text; a field that is unset is the empty string. */
  matches(fields: (name: string) => string): boolean {
    for (const { field, operator, value } of this.requirements) if ((fields(field) === value) !== (operator === '=')) return false
    return true
  }

  /** The value the field must have, if one is demanded. */
  requiredValue(field: string): string | undefined {
    return this.requirements.find((requirement) => requirement.field === field && requirement.operator === '=')?.value
  }

  /** The same selector under other names or values. A requirement that becomes empty altogether is dropped. */
  transform(change: (field: string, value: string) => { field: string; value: string }): FieldSelector {
    return FieldSelector.of(
      this.requirements
        .map(({ field, operator, value }) => ({ ...change(field, value), operator }))
        .filter(({ field, value }) => field !== '' || value !== ''),
    )
  }

  toString(): string {
    return this.requirements.map(({ field, operator, value }) => field + operator + escapeFieldValue(value)).join(',')
  }
}

const everyField = FieldSelector.everything

/** Reads `field=value`, `field==value`, `field!=value` joined by commas; `\` escapes. Throws BadRequest in upstream's words. */
export function parseFieldSelector(text: string): FieldSelector {
  const requirements = splitTerms(text)
    .sort()
    .filter((term) => term !== '')
    .map((term) => parseTerm(text, term))
  return FieldSelector.of(requirements.filter(({ field, value }) => field !== '' || value !== ''))
}

/** A value as it must be written inside a field selector. */
export function escapeFieldValue(value: string): string {
  return value.replace(/[\\,=]/g, '\\$&')
}

function splitTerms(text: string): string[] {
  const terms: string[] = []
  let start = 0
  for (let i = 0; i < text.length; i++) {
    if (text[i] === '\\') i++
    else if (text[i] === ',') {
      terms.push(text.slice(start, i))
      start = i + 1
    }
  }
  return [...terms, text.slice(start)]
}

function parseTerm(selector: string, term: string): FieldRequirement {
  const match = /!=|==?/.exec(term)
  if (!match) throw errors.badRequest(`invalid selector: '${selector}'; can't understand '${term}'`)
  const value = unescapeFieldValue(term.slice(match.index + match[0].length))
  return { field: term.slice(0, match.index), operator: match[0] === '!=' ? '!=' : '=', value }
}

function unescapeFieldValue(text: string): string {
  return text.replace(/\\(.?)|[,=]/gsu, (found, escaped: string | undefined) => {
    if (escaped === undefined) throw errors.badRequest(`invalid field selector: unescaped character in value: ${found.charCodeAt(0)}`)
    if (escaped !== '\\' && escaped !== ',' && escaped !== '=') {
      throw errors.badRequest(`invalid field selector: invalid escape sequence: \\${escaped}`)
    }
    return escaped
  })
}
