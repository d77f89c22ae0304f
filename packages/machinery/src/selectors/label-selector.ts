import { formatRequirement, type LabelRequirement, type Labels, requirementMatches } from './label-requirement.js'

/** All of its requirements must hold. Immutable; requirements are in key order. */
export class LabelSelector {
  readonly requirements: readonly LabelRequirement[]

  private constructor(
    requirements: readonly LabelRequirement[],
    private readonly matchesNothing: boolean,
  ) {
    this.requirements = [...requirements].sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0))
  }

  static of(requirements: readonly LabelRequirement[]): LabelSelector {
    return requirements.length === 0 ? everyLabel : new LabelSelector(requirements, false)
  }

  /** Matches every set of labels. */
  static readonly everything = new LabelSelector([], false)
  /** Matches no set of labels: what a nil selector means. */
  static readonly nothing = new LabelSelector([], true)

  /** True if the selector restricts nothing. */
  get empty(): boolean {
    return this.requirements.length === 0 && !this.matchesNothing
  }

  matches(labels: Labels): boolean {
    for (const requirement of this.requirements) if (!requirementMatches(requirement, labels)) return false
    return !this.matchesNothing
  }

  /** This selector and another one together. */
  and(other: LabelSelector): LabelSelector {
    if (this.matchesNothing || other.matchesNothing) return LabelSelector.nothing
    return LabelSelector.of([...this.requirements, ...other.requirements])
  }

  /** The value the label must have, if there is exactly one. */
  requiredValue(key: string): string | undefined {
    const requirement = this.requirements.find((candidate) => candidate.key === key)
    if (requirement?.values.length !== 1) return undefined
    return requirement.operator === '=' || requirement.operator === '==' || requirement.operator === 'in'
      ? requirement.values[0]
      : undefined
  }

  toString(): string {
    return this.requirements.map(formatRequirement).join(',')
  }
}

const everyLabel = LabelSelector.everything
