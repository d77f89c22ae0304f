import { FieldPath, validateDnsLabel, validateLabelName, validateLabelSelector } from '@treeline/machinery'
import type { TypeOf } from '../../declaration/type-of.js'
import { type Findings, forEachItem } from '../findings.js'
import { checkMatchLabelKeys } from './match-label-keys.js'
import { checkNodeSelector, checkNodeSelectorTerm, hasInvalidValues } from './node-selector.js'

type Affinity = TypeOf<'core.v1.Affinity'>
type PodAffinityTerm = TypeOf<'core.v1.PodAffinityTerm'>

/** What the affinity of a stored pod already had wrong, and so may keep. */
export interface AffinityLeniency {
  readonly anyNodeValues: boolean
  readonly anyPodValues: boolean
}

export const noLeniency: AffinityLeniency = { anyNodeValues: false, anyPodValues: false }

const nowhere = FieldPath.root('affinity')

const required = 'requiredDuringSchedulingIgnoredDuringExecution'
const preferred = 'preferredDuringSchedulingIgnoredDuringExecution'

/** Which nodes and which other pods a pod wants near, or far. */
export function checkAffinity(found: Findings, affinity: Affinity, path: FieldPath, leniency: AffinityLeniency): void {
  const { nodeAffinity } = affinity
  if (nodeAffinity) {
    const at = path.child('nodeAffinity')
    if (nodeAffinity[required]) checkNodeSelector(found, nodeAffinity[required], at.child(required), leniency.anyNodeValues)
    forEachItem(nodeAffinity[preferred], at.child(preferred), ({ weight, preference }, here) => {
      checkWeight(found, weight, here)
      checkNodeSelectorTerm(found, preference ?? {}, here.child('preference'), true)
    })
  }
  for (const side of ['podAffinity', 'podAntiAffinity'] as const) {
    const terms = affinity[side]
    if (!terms) continue
    const at = path.child(side)
    forEachItem(terms[required], at.child(required), (term, here) => checkTerm(found, term, here, leniency))
    forEachItem(terms[preferred], at.child(preferred), ({ weight, podAffinityTerm }, here) => {
      checkWeight(found, weight, here)
      checkTerm(found, podAffinityTerm, here.child('podAffinityTerm'), leniency)
    })
  }
}

function checkWeight(found: Findings, weight: number, path: FieldPath): void {
  if (weight <= 0 || weight > 100) found.invalid(path.child('weight'), weight, 'must be in the range 1-100')
}

function checkTerm(found: Findings, term: PodAffinityTerm, path: FieldPath, { anyPodValues }: AffinityLeniency): void {
  const options = { allowInvalidValues: anyPodValues }
  found.add(...validateLabelSelector(term.labelSelector, path.child('labelSelector'), options))
  found.add(...validateLabelSelector(term.namespaceSelector, path.child('namespaceSelector'), options))
  for (const namespace of term.namespaces ?? []) found.each(path.child('namespace'), namespace, validateDnsLabel(namespace))
  checkMatchLabelKeys(found, term, path)
  const topologyKey = term.topologyKey ?? ''
  if (topologyKey === '') found.required(path.child('topologyKey'), 'can not be empty')
  found.add(...validateLabelName(topologyKey, path.child('topologyKey')))
}

/** What the affinity of an old pod forces us to let pass. */
export function affinityLeniency(affinity: Affinity | undefined): AffinityLeniency {
  if (!affinity) return noLeniency
  return {
    anyNodeValues: hasInvalidValues(affinity.nodeAffinity?.[required]),
    anyPodValues: podTerms(affinity).some((term) => hasInvalidSelector(term)),
  }
}

function podTerms({ podAffinity, podAntiAffinity }: Affinity): PodAffinityTerm[] {
  return [podAffinity, podAntiAffinity].flatMap((terms) => [
    ...(terms?.[required] ?? []),
    ...(terms?.[preferred] ?? []).map(({ podAffinityTerm }) => podAffinityTerm),
  ])
}

function hasInvalidSelector({ labelSelector, namespaceSelector }: PodAffinityTerm): boolean {
  return [labelSelector, namespaceSelector].some((selector) => validateLabelSelector(selector, nowhere).length > 0)
}
