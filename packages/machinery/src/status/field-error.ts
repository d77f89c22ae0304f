import { compactJson } from '../text/compact-json.js'
import { goNumber } from '../text/go-value.js'
import { quote } from '../text/quote.js'
import type { FieldPath } from './field-path.js'

/** One thing wrong with one field. */
export interface FieldError {
  readonly type: FieldErrorType
  readonly field: string
  readonly badValue?: unknown
  readonly detail: string
}

export type FieldErrorType =
  | 'FieldValueNotFound'
  | 'FieldValueRequired'
  | 'FieldValueDuplicate'
  | 'FieldValueInvalid'
  | 'FieldValueNotSupported'
  | 'FieldValueForbidden'
  | 'FieldValueTooLong'
  | 'FieldValueTooMany'
  | 'FieldValueTypeInvalid'
  | 'InternalError'

/** As `badValue`: the message names no value. */
export const omittedValue: unique symbol = Symbol('omitted value')

/** Where an error is: a path, its text, or nothing (upstream prints `<nil>`). */
export type FieldErrorPath = FieldPath | string | undefined

/** One factory for each kind of field error. */
export const fieldErrors = {
  required: (path: FieldErrorPath, detail = '') => fieldError('FieldValueRequired', path, '', detail),
  invalid: (path: FieldErrorPath, value: unknown, detail: string) => fieldError('FieldValueInvalid', path, value, detail),
  typeInvalid: (path: FieldErrorPath, value: unknown, detail: string) => fieldError('FieldValueTypeInvalid', path, value, detail),
  notSupported: (path: FieldErrorPath, value: unknown, supported: readonly string[]) =>
    fieldError('FieldValueNotSupported', path, value, supported.length ? `supported values: ${supported.map(quote).join(', ')}` : ''),
  forbidden: (path: FieldErrorPath, detail: string) => fieldError('FieldValueForbidden', path, '', detail),
  duplicate: (path: FieldErrorPath, value: unknown) => fieldError('FieldValueDuplicate', path, value, ''),
  notFound: (path: FieldErrorPath, value: unknown) => fieldError('FieldValueNotFound', path, value, ''),
  /** `maximum` in bytes; negative when it shall not be told. */
  tooLong: (path: FieldErrorPath, maximum: number) =>
    fieldError(
      'FieldValueTooLong',
      path,
      '<value omitted>',
      maximum < 0 ? 'value is too long' : `may not be more than ${maximum} ${maximum === 1 ? 'byte' : 'bytes'}`,
    ),
  /** Either number may be negative when it shall not be told. */
  tooMany: (path: FieldErrorPath, actual: number, maximum: number) =>
    fieldError(
      'FieldValueTooMany',
      path,
      actual < 0 ? omittedValue : actual,
      maximum < 0 ? 'has too many items' : `must have at most ${maximum} ${maximum === 1 ? 'item' : 'items'}`,
    ),
  internal: (path: FieldErrorPath, problem: Error | string) =>
    fieldError('InternalError', path, undefined, typeof problem === 'string' ? problem : problem.message),
} as const

/** `spec.replicas: Invalid value: -1: must be greater than or equal to 0`. */
export function formatFieldError(error: FieldError): string {
  return `${error.field}: ${fieldErrorBody(error)}`
}

/** The message without the field, as it stands in a Status cause. */
export function fieldErrorBody(error: FieldError): string {
  const title = titles[error.type]
  const named = valueless.has(error.type) || error.badValue === omittedValue ? title : `${title}: ${formatValue(error.badValue)}`
  return error.detail === '' ? named : `${named}: ${error.detail}`
}

/** Several messages as one: alone as it is, more as `[a, b]`; each once. */
export function aggregateMessages(messages: readonly string[]): string {
  const unique = [...new Set(messages)]
  return unique.length > 1 ? `[${unique.join(', ')}]` : (unique[0] ?? '')
}

function fieldError(type: FieldErrorType, path: FieldErrorPath, badValue: unknown, detail: string): FieldError {
  return { type, field: path === undefined ? '<nil>' : path.toString(), badValue, detail }
}

function formatValue(value: unknown): string {
  if (typeof value === 'string') return quote(value)
  if (typeof value === 'number') return goNumber(value)
  return typeof value === 'bigint' ? value.toString() : compactJson(value)
}

const titles: Readonly<Record<FieldErrorType, string>> = {
  FieldValueNotFound: 'Not found',
  FieldValueRequired: 'Required value',
  FieldValueDuplicate: 'Duplicate value',
  FieldValueInvalid: 'Invalid value',
  FieldValueNotSupported: 'Unsupported value',
  FieldValueForbidden: 'Forbidden',
  FieldValueTooLong: 'Too long',
  FieldValueTooMany: 'Too many',
  FieldValueTypeInvalid: 'Invalid value',
  InternalError: 'Internal error',
}

const valueless: ReadonlySet<FieldErrorType> = new Set(['FieldValueRequired', 'FieldValueForbidden', 'FieldValueTooLong', 'InternalError'])
