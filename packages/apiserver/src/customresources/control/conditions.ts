import type { CustomResourceDefinition, CustomResourceDefinitionCondition } from '@treeline/api'

type Condition = CustomResourceDefinitionCondition

/** The condition of a type. */
export function conditionOf(definition: CustomResourceDefinition, type: string): Condition | undefined {
  return definition.status?.conditions?.find((condition) => condition.type === type)
}

/** Whether the condition is there and true. */
export function isTrue(definition: CustomResourceDefinition, type: string): boolean {
  return conditionOf(definition, type)?.status === 'True'
}

/** Whether a condition says the same, whenever it came to be. */
export function saysTheSame(a: Condition, b: Condition | undefined): boolean {
  return b !== undefined && a.type === b.type && a.status === b.status && a.reason === b.reason && a.message === b.message
}

/** Puts a condition in the place of the one of its type; the time of transition moves only with the status. Changes `definition`. */
export function setCondition(definition: CustomResourceDefinition, condition: Condition): void {
  const conditions = definition.status?.conditions ?? []
  const present = conditions.find(({ type }) => type === condition.type)
  const keepsTime = present?.status === condition.status && present.lastTransitionTime
  const next = keepsTime ? { ...condition, lastTransitionTime: present.lastTransitionTime } : condition
  definition.status = {
    ...(definition.status as NonNullable<CustomResourceDefinition['status']>),
    conditions: present ? conditions.map((old) => (old === present ? next : old)) : [...conditions, next],
  }
}

/** Takes a condition away. Changes `definition`. */
export function removeCondition(definition: CustomResourceDefinition, type: string): void {
  const { status } = definition
  if (status?.conditions) status.conditions = status.conditions.filter((condition) => condition.type !== type)
}
