import type { FieldPath } from '@treeline/machinery'
import type { TypeOf } from '../../declaration/type-of.js'
import type { Findings } from '../findings.js'
import { sameValue } from '../immutable.js'
import { printedMap } from '../printed-map.js'

type NodeAffinity = TypeOf<'core.v1.NodeAffinity'>
type Term = TypeOf<'core.v1.NodeSelectorTerm'>

/** While a pod waits to be scheduled, the nodes it may go to may become fewer, but no others. */

export function checkTighterNodeSelector(
  found: Findings,
  selector: Readonly<Record<string, string>>,
  old: Readonly<Record<string, string>>,
  path: FieldPath,
): void {
  if (Object.entries(old).some(([key, value]) => selector[key] !== value)) {
    found.invalid(path, printedMap(selector), 'only additions to spec.nodeSelector are allowed (no mutations or deletions)')
  }
}

const required = 'requiredDuringSchedulingIgnoredDuringExecution'

export function checkTighterNodeAffinity(
  found: Findings,
  affinity: NodeAffinity | undefined,
  old: NodeAffinity | undefined,
  path: FieldPath,
): void {
  const before = old?.[required]?.nodeSelectorTerms ?? []
  const after = affinity?.[required]?.nodeSelectorTerms ?? []
  const at = path.child(required, 'nodeSelectorTerms')
  if (before.length === 0) return
  if (before.length !== after.length) {
    found.invalid(
      at,
      after.length === 0 ? null : after.map(printed),
      'no additions/deletions to non-empty NodeSelectorTerms list are allowed',
    )
    return
  }
  after.forEach((term, index) => {
    if (!onlyAdds(term, before[index] ?? {})) {
      found.invalid(at.index(index), printed(term), 'only additions are allowed (no mutations or deletions)')
    }
  })
}

function onlyAdds(term: Term, old: Term): boolean {
  const lists = ['matchExpressions', 'matchFields'] as const
  if (lists.every((name) => !old[name]?.length)) return lists.every((name) => !term[name]?.length)
  return lists.every((name) => {
    const before = old[name] ?? []
    return sameValue((term[name] ?? []).slice(0, before.length), before)
  })
}

const printed = ({ matchExpressions, matchFields }: Term): object => ({
  MatchExpressions: matchExpressions?.map(printedRequirement) ?? null,
  MatchFields: matchFields?.map(printedRequirement) ?? null,
})

const printedRequirement = ({ key, operator, values }: TypeOf<'core.v1.NodeSelectorRequirement'>): object => ({
  Key: key,
  Operator: operator,
  Values: values ?? null,
})
