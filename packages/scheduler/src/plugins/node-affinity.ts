import type { Pod } from '@treeline/api'
import type { SchedulerPlugin } from '../framework/plugin.js'
import { unresolvable } from '../framework/status.js'
import { matchesNodeSelector, matchesTerm } from './node-selector.js'
import { normaliseByMax } from './normalise.js'

/** Node selector and node affinity, required and preferred. */
export const nodeAffinity: SchedulerPlugin = {
  name: 'NodeAffinity',
  preFilter({ pod }) {
    const required = pod.pod.spec?.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution
    if (!required && !pod.pod.spec?.nodeSelector) return 'skip'
    const names = pinnedNames(pod.pod)
    if (!names) return undefined
    return names.size === 0 ? unresolvable('pod affinity terms conflict') : { nodes: names }
  },
  filter({ pod }, node) {
    return matchesPodNodeAffinity(pod.pod, node.name, node.labels)
      ? undefined
      : unresolvable("node(s) didn't match Pod's node affinity/selector")
  },
  preScore: ({ pod }) => (preferredTerms(pod.pod).length === 0 ? 'skip' : undefined),
  score({ pod }, node) {
    let sum = 0
    for (const { weight, preference } of preferredTerms(pod.pod))
      if (weight !== 0 && matchesTerm(preference, node.name, node.labels)) sum += weight
    return sum
  },
  normalise: (_cycle, scores) => normaliseByMax(scores, false),
  requeueOn: [
    {
      on: ['node-added', 'node-labels'],
      helps: (pod, change) => !('node' in change) || matchesPodNodeAffinity(pod.pod, change.node.name, change.node.labels),
    },
  ],
}

export function matchesPodNodeAffinity(pod: Pod, name: string, labels: Readonly<Record<string, string>>): boolean {
  for (const [key, value] of Object.entries(pod.spec?.nodeSelector ?? {})) if (labels[key] !== value) return false
  const required = pod.spec?.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution
  return !required || matchesNodeSelector(required, name, labels)
}

function preferredTerms(pod: Pod) {
  return pod.spec?.affinity?.nodeAffinity?.preferredDuringSchedulingIgnoredDuringExecution ?? []
}

/** The nodes by name, when every required term pins metadata.name; undefined when any does not. */
function pinnedNames(pod: Pod): Set<string> | undefined {
  const terms = pod.spec?.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms ?? []
  if (terms.length === 0) return undefined
  const all = new Set<string>()
  for (const term of terms) {
    let names: Set<string> | undefined
    for (const field of term.matchFields ?? []) {
      if (field.key !== 'metadata.name' || field.operator !== 'In') continue
      const values = new Set<string>(field.values ?? [])
      names = names ? new Set([...names].filter((name) => values.has(name))) : values
    }
    if (!names) return undefined
    for (const name of names) all.add(name)
  }
  return all
}
