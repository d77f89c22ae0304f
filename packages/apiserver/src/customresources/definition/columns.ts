import type { CustomResourceColumnDefinition, CustomResourceSubresources } from '@treeline/api'
import { type FieldError, type FieldPath, fieldErrors } from '@treeline/machinery'

const columnTypes = ['boolean', 'date', 'integer', 'number', 'string']
const columnFormats = ['int32', 'int64', 'float', 'double', 'byte', 'date', 'date-time', 'password']

/** What is wrong with a printer column. Its path is looked at no further than its first character, as upstream does. */
export function columnErrors(column: CustomResourceColumnDefinition, path: FieldPath): FieldError[] {
  const { name, type, format, jsonPath } = column
  const errors: FieldError[] = []
  if (!name) errors.push(fieldErrors.required(path.child('name')))
  const typeDetail = `must be one of ${columnTypes.join(',')}`
  if (!type) errors.push(fieldErrors.required(path.child('type'), typeDetail))
  else if (!columnTypes.includes(type)) errors.push(fieldErrors.invalid(path.child('type'), type, typeDetail))
  if (format && !columnFormats.includes(format)) {
    errors.push(fieldErrors.invalid(path.child('format'), format, `must be one of ${[...columnFormats].sort().join(',')}`))
  }
  if (!jsonPath) errors.push(fieldErrors.required(path.child('JSONPath')))
  else errors.push(...simplePathErrors(jsonPath, path.child('JSONPath')))
  return errors
}

/** What is wrong with declared subresources. */
export function subresourceErrors(subresources: CustomResourceSubresources | undefined, path: FieldPath): FieldError[] {
  const scale = subresources?.scale
  if (!scale) return []
  const { specReplicasPath, statusReplicasPath, labelSelectorPath } = scale
  return [
    ...scalePathErrors(specReplicasPath, path.child('scale.specReplicasPath'), ['.spec.'], 'should be a json path under .spec', true),
    ...scalePathErrors(
      statusReplicasPath,
      path.child('scale.statusReplicasPath'),
      ['.status.'],
      'should be a json path under .status',
      true,
    ),
    ...scalePathErrors(
      labelSelectorPath,
      path.child('scale.labelSelectorPath'),
      ['.spec.', '.status.'],
      'should be a json path under either .spec or .status',
      false,
    ),
  ]
}

function scalePathErrors(
  value: string | undefined,
  path: FieldPath,
  roots: readonly string[],
  detail: string,
  required: boolean,
): FieldError[] {
  if (!value) return required ? [fieldErrors.required(path)] : []
  const errors = simplePathErrors(value, path)
  if (errors.length > 0 || roots.some((root) => value.startsWith(root))) return errors
  return [fieldErrors.invalid(path, value, detail)]
}

function simplePathErrors(value: string, path: FieldPath): FieldError[] {
  return value.startsWith('.') ? [] : [fieldErrors.invalid(path, value, 'must be a simple json path starting with .')]
}
