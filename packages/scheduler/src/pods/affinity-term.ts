import type { PodAffinityTerm } from '@treeline/api'
import { labelSelectorFrom } from '@treeline/machinery'

type Labels = Readonly<Record<string, string>>

/** A pod (anti-)affinity term, its selectors parsed. */
export interface AffinityTerm {
  readonly topologyKey: string
  readonly weight: number
  /** Whether a pod with these labels, in a namespace with these labels, is meant. */
  matches(namespace: string, labels: Labels, namespaceLabels: (namespace: string) => Labels): boolean
}

export function affinityTerm(term: PodAffinityTerm, ownNamespace: string, weight: number): AffinityTerm {
  const selector = term.labelSelector ? labelSelectorFrom(term.labelSelector) : undefined
  const namespaceSelector = term.namespaceSelector ? labelSelectorFrom(term.namespaceSelector) : undefined
  const namespaces = new Set(term.namespaces ?? [])
  // neither a list nor a selector: the pod's own namespace
  if (namespaces.size === 0 && !namespaceSelector) namespaces.add(ownNamespace)
  return {
    topologyKey: term.topologyKey,
    weight,
    matches(namespace, labels, namespaceLabels) {
      // no selector selects nothing
      if (!selector?.matches(labels)) return false
      return namespaces.has(namespace) || (namespaceSelector?.matches(namespaceLabels(namespace)) ?? false)
    },
  }
}
