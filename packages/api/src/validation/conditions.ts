import { type FieldPath, validateConditionReason, validateLabelName } from '@treeline/machinery'
import type { TypeOf } from '../declaration/type-of.js'
import { type Findings, forEachItem } from './findings.js'

const statuses = ['False', 'True', 'Unknown']
const reasonMaxLength = 1024
const messageMaxLength = 32 * 1024

/** Conditions as newer kinds have them: each type once, with a reason and a time. */
export function checkConditions(found: Findings, conditions: readonly TypeOf<'meta.v1.Condition'>[] | undefined, path: FieldPath): void {
  const seen = new Set<string>()
  forEachItem(conditions, path, (condition, at) => {
    const { type, status, observedGeneration = 0, lastTransitionTime, reason, message = '' } = condition
    if (seen.has(type)) found.duplicate(at.child('type'), type)
    seen.add(type)
    found.add(...validateLabelName(type, at.child('type')))
    if (!statuses.includes(status)) found.notSupported(at.child('status'), status, statuses)
    if (observedGeneration < 0) {
      found.invalid(at.child('observedGeneration'), observedGeneration, 'must be greater than or equal to zero')
    }
    if (!lastTransitionTime) found.required(at.child('lastTransitionTime'))
    if (!reason) found.required(at.child('reason'))
    else {
      found.each(at.child('reason'), reason, validateConditionReason(reason))
      if (Buffer.byteLength(reason) > reasonMaxLength) found.tooLong(at.child('reason'), reasonMaxLength)
    }
    if (Buffer.byteLength(message) > messageMaxLength) found.tooLong(at.child('message'), messageMaxLength)
  })
}
