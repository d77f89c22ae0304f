import type { PolicyRule } from '@treeline/api'

/** Short words for common sets of verbs. */
const verbWords: Readonly<Record<string, readonly string[]>> = {
  read: ['get', 'list', 'watch'],
  write: ['create', 'delete', 'deletecollection', 'patch', 'update'],
  manage: ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch'],
}

/** What every component that records events needs. */
export const recordEvents = 'create patch update | events @ core events.k8s.io'

/**
 * A rule in one line: `verbs | resources [@ groups] [# names]`, or `verbs | paths`. The core group is `core`, and meant
 * when none is named; paths begin with `/`. The roles below are tables of such lines.
 */
export function policyRule(line: string): PolicyRule {
  const [verbText = '', rest = ''] = line.split(' | ')
  const [whatText = '', nameText] = rest.split(' # ')
  const [resourceText = '', groupText = 'core'] = whatText.split(' @ ')
  const verbs = [...(verbWords[verbText] ?? words(verbText))]
  const what = words(resourceText)
  if (what[0]?.startsWith('/')) return { verbs, nonResourceURLs: what }
  const apiGroups = words(groupText).map((group) => (group === 'core' ? '' : group))
  return { verbs, apiGroups, resources: what, ...(nameText === undefined ? {} : { resourceNames: words(nameText) }) }
}

const words = (text: string): string[] => text.split(' ')
