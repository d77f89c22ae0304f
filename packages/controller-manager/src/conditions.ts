/** What status conditions of all kinds share. */
export interface ConditionLike {
  readonly type: string
  readonly status: string
  readonly reason?: string
}

export function findCondition<C extends ConditionLike>(conditions: readonly C[] | undefined, type: string): C | undefined {
  return conditions?.find((condition) => condition.type === type)
}

/** Drops a condition and puts the new one at the end, where upstream has those that changed last. */
export function withCondition<C extends ConditionLike>(conditions: readonly C[] | undefined, condition: C): C[] {
  return [...withoutCondition(conditions, condition.type), condition]
}

export function withoutCondition<C extends ConditionLike>(conditions: readonly C[] | undefined, type: string): C[] {
  return (conditions ?? []).filter((condition) => condition.type !== type)
}
