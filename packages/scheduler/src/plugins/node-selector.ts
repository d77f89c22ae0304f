import type { NodeSelector, NodeSelectorRequirement, NodeSelectorTerm } from '@treeline/api'

type Labels = Readonly<Record<string, string>>

/** Any term has to match; a term without requirements matches nothing. */
export function matchesNodeSelector(selector: NodeSelector, name: string, labels: Labels): boolean {
  return selector.nodeSelectorTerms.some((term) => matchesTerm(term, name, labels))
}

export function matchesTerm(term: NodeSelectorTerm, name: string, labels: Labels): boolean {
  const expressions = term.matchExpressions ?? []
  const fields = term.matchFields ?? []
  if (expressions.length === 0 && fields.length === 0) return false
  return (
    expressions.every((requirement) => matches(requirement, labels[requirement.key])) &&
    fields.every((requirement) => requirement.key === 'metadata.name' && matches(requirement, name))
  )
}

function matches({ operator, values = [] }: NodeSelectorRequirement, actual: string | undefined): boolean {
  switch (operator) {
    case 'In':
      return actual !== undefined && values.includes(actual)
    case 'NotIn':
      return actual === undefined || !values.includes(actual)
    case 'Exists':
      return actual !== undefined
    case 'DoesNotExist':
      return actual === undefined
    case 'Gt':
    case 'Lt': {
      const [limit, value] = [Number(values[0]), Number(actual)]
      if (actual === undefined || !Number.isInteger(limit) || !Number.isInteger(value)) return false
      return operator === 'Gt' ? value > limit : value < limit
    }
    default:
      return false
  }
}
