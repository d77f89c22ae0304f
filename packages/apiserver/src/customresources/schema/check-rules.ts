import { type FieldError, type FieldPath, fieldErrors } from '@treeline/machinery'
import { fieldAt } from './field-at.js'
import type { JsonSchema, JsonValidationRule } from './json-schema.js'

const reasons = ['FieldValueDuplicate', 'FieldValueForbidden', 'FieldValueInvalid', 'FieldValueRequired']

/** What can be said of `x-kubernetes-validations` without compiling the expressions. */
export function ruleErrors(schema: JsonSchema, path: FieldPath): FieldError[] {
  const rules = schema['x-kubernetes-validations'] ?? []
  return rules.flatMap((rule, i) => errorsOfRule(schema, rule, path.child('x-kubernetes-validations').index(i)))
}

function errorsOfRule(schema: JsonSchema, rule: JsonValidationRule, path: FieldPath): FieldError[] {
  const { message = '', messageExpression = '', reason, fieldPath = '' } = rule
  const text = (rule.rule ?? '').trim()
  const shown = message.trim()
  const errors: FieldError[] = []
  if (text === '') errors.push(fieldErrors.required(path.child('rule'), 'rule is not specified'))
  else if (message !== '' && shown === '')
    errors.push(fieldErrors.invalid(path.child('message'), message, 'must be non-empty if specified'))
  else if (hasLineBreak(shown)) errors.push(fieldErrors.invalid(path.child('message'), message, 'must not contain line breaks'))
  else if (hasLineBreak(text) && shown === '') {
    errors.push(fieldErrors.required(path.child('message'), 'message must be specified if rule contains line breaks'))
  }
  if (messageExpression !== '' && messageExpression.trim() === '') {
    errors.push(fieldErrors.required(path.child('messageExpression'), 'messageExpression must be non-empty if specified'))
  }
  if (reason !== undefined && !reasons.includes(reason)) errors.push(fieldErrors.notSupported(path.child('reason'), reason, reasons))
  if (fieldPath === '') return errors
  const at = path.child('fieldPath')
  if (fieldPath.trim() === '') errors.push(fieldErrors.invalid(at, fieldPath, 'must be non-empty if specified'))
  if (hasLineBreak(fieldPath)) errors.push(fieldErrors.invalid(at, fieldPath, 'must not contain line breaks'))
  if ('problem' in fieldAt(schema, fieldPath)) errors.push(fieldErrors.invalid(at, fieldPath, 'must be a valid path'))
  return errors
}

function hasLineBreak(text: string): boolean {
  return /[\n\r]/.test(text)
}
