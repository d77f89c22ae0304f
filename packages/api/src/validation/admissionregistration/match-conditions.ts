import type { FieldPath } from '@treeline/machinery'
import type { TypeOf } from '../../declaration/type-of.js'
import { type Findings, forEachItem } from '../findings.js'
import { checkQualifiedName } from '../names.js'

const maxConditions = 64

/** Expressions that must hold for a webhook or policy to be asked. */
export function checkMatchConditions(
  found: Findings,
  conditions: readonly TypeOf<'admissionregistration.v1.MatchCondition'>[] | undefined,
  path: FieldPath,
): void {
  if (!conditions) return
  if (conditions.length > maxConditions) found.tooMany(path, conditions.length, maxConditions)
  const names = new Set<string>()
  forEachItem(conditions, path, ({ name, expression }, at) => {
    if (!expression?.trim()) found.required(at.child('expression'))
    if (!name) found.required(at.child('name'))
    else {
      checkQualifiedName(found, name, at.child('name'))
      if (names.has(name)) found.duplicate(at.child('name'), name)
      names.add(name)
    }
  })
}
