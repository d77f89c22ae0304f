import type { SelectableField } from '@treeline/api'
import { type FieldError, type FieldPath, fieldErrors } from '@treeline/machinery'
import { fieldAt } from '../schema/field-at.js'
import type { JsonSchema } from '../schema/json-schema.js'

const maxSelectableFields = 8
const selectableTypes: ReadonlySet<string | undefined> = new Set(['string', 'boolean', 'integer'])

/** What is wrong with selectable fields. */
export function selectableFieldErrors(
  fields: readonly SelectableField[],
  schema: JsonSchema,
  path: FieldPath,
  allowTooMany: boolean,
): FieldError[] {
  const errors: FieldError[] = []
  const seen = new Set<string>()
  fields.forEach(({ jsonPath }, i) => {
    const at = path.index(i).child('jsonPath')
    if (!jsonPath) {
      errors.push(fieldErrors.required(at))
      return
    }
    const found = fieldAt(schema, jsonPath, { arrayNotation: false })
    if ('problem' in found) {
      errors.push(fieldErrors.invalid(at, jsonPath, `is an invalid path: ${found.problem}`))
      return
    }
    if (found.names[0] === 'metadata') errors.push(fieldErrors.invalid(at, jsonPath, 'must not point to fields in metadata'))
    if (!selectableTypes.has(found.schema?.type)) {
      const detail = 'must point to a field of type string, boolean or integer. Enum string fields and strings with formats are allowed.'
      errors.push(fieldErrors.invalid(at, jsonPath, detail))
    }
    const name = found.names.join('.')
    if (seen.has(name)) errors.push(fieldErrors.duplicate(at, jsonPath))
    seen.add(name)
  })
  if (seen.size > maxSelectableFields && !allowTooMany) errors.push(fieldErrors.tooMany(path, seen.size, maxSelectableFields))
  return errors
}

/** Whether there are more selectable fields than a new definition may have. */
export function hasTooManySelectableFields(fields: readonly SelectableField[] | undefined): boolean {
  return (fields?.length ?? 0) > maxSelectableFields
}
