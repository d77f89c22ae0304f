import { type FieldError, type FieldErrorPath, fieldErrors } from '../status/field-error.js'
import { validateLabelValue, validateQualifiedName } from './label-names.js'

/** Labels of an object. Upstream reports keys and values alike at the path of the map. */
export function validateLabels(labels: Readonly<Record<string, string>> | undefined, path: FieldErrorPath): FieldError[] {
  return Object.entries(labels ?? {}).flatMap(([key, value]) => [
    ...validateLabelName(key, path),
    ...validateLabelValue(value).map((problem) => fieldErrors.invalid(path, value, problem)),
  ])
}

/** One qualified name: a label key, a condition type, a finalizer. */
export function validateLabelName(name: string, path: FieldErrorPath): FieldError[] {
  return validateQualifiedName(name).map((problem) => fieldErrors.invalid(path, name, problem))
}

/** Annotations: keys are qualified names whatever their case; all together at most 256 KiB. */
export function validateAnnotations(annotations: Readonly<Record<string, string>> | undefined, path: FieldErrorPath): FieldError[] {
  const entries = Object.entries(annotations ?? {})
  const size = entries.reduce((sum, [key, value]) => sum + Buffer.byteLength(key) + Buffer.byteLength(value), 0)
  return [
    ...entries.flatMap(([key]) => validateQualifiedName(key.toLowerCase()).map((problem) => fieldErrors.invalid(path, key, problem))),
    ...(size > annotationsMaxBytes ? [fieldErrors.tooLong(path, annotationsMaxBytes)] : []),
  ]
}

/** Bytes of all annotation keys and values of one object. */
export const annotationsMaxBytes = 256 * 1024
