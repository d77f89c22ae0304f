import { FieldPath } from '@treeline/machinery'
import type { TypeOf } from '../../declaration/type-of.js'
import type { Validation } from '../../declaration/validations.js'
import { findingsOf, requireOneOf } from '../findings.js'
import { checkImmutable } from '../immutable.js'

type PriorityClass = TypeOf<'scheduling.v1.PriorityClass'>

const systemPrefix = 'system-'
const highestOfUsers = 1_000_000_000
const systemClasses: Readonly<Record<string, number>> = {
  'system-node-critical': 2_000_001_000,
  'system-cluster-critical': 2_000_000_000,
}

const policy = FieldPath.root('preemptionPolicy')

export const priorityClassValidation: Validation<PriorityClass> = {
  validate: (priority) =>
    findingsOf((found) => {
      const { name = '' } = priority.metadata
      const problem = systemProblem(name, priority)
      if (problem) {
        found.forbidden(
          'metadata.name',
          `priority class names with '${systemPrefix}' prefix are reserved for system use only. error: ${problem}`,
        )
      } else if (!name.startsWith(systemPrefix) && priority.value > highestOfUsers) {
        found.forbidden('value', `maximum allowed value of a user defined priority is ${highestOfUsers}`)
      }
      if (priority.preemptionPolicy !== undefined) requireOneOf(found, priority.preemptionPolicy, ['PreemptLowerPriority', 'Never'], policy)
    }),
  validateUpdate: (priority, old) =>
    findingsOf((found) => {
      if (priority.value !== old.value) found.forbidden('value', 'may not be changed in an update.')
      checkImmutable(found, priority.preemptionPolicy, old.preemptionPolicy, policy)
    }),
}

function systemProblem(name: string, { value, globalDefault }: PriorityClass): string | undefined {
  if (!name.startsWith(systemPrefix)) return undefined
  const expected = Object.hasOwn(systemClasses, name) ? systemClasses[name] : undefined
  if (expected === undefined) return `${name} is not a known system priority class`
  if (value !== expected) return `value of ${name} PriorityClass must be ${expected}`
  return globalDefault ? `globalDefault of ${name} PriorityClass must be false` : undefined
}
