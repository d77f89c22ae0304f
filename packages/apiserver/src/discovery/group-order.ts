import { builtinKinds } from '@treeline/api'
import type { ServedKinds } from '../registry/served-kinds.js'

/** Groups in discovery's order: built-in ones as declared, then the others by name. The core group comes first. */
export function orderedGroups(kinds: ServedKinds): string[] {
  return kinds.groupNames().sort((a, b) => rankOf(a) - rankOf(b) || (a < b ? -1 : 1))
}

/** Versions of a group, the preferred one first: built-in ones as declared, others by age and stability. */
export function orderedVersions(kinds: ServedKinds, group: string): string[] {
  const versions = kinds.versions(group)
  return ranks.has(group)
    ? versions.sort((a, b) => builtinVersionRank(group, a) - builtinVersionRank(group, b))
    : versions.sort(compareVersions)
}

/** Kubernetes versions, newest stable first: v2 v1 v1beta2 v1beta1 v1alpha1, then everything else by name. */
export function compareVersions(a: string, b: string): number {
  const left = parseVersion(a)
  const right = parseVersion(b)
  if (!left || !right) return left ? -1 : right ? 1 : a < b ? -1 : a > b ? 1 : 0
  return right.stability - left.stability || right.major - left.major || right.minor - left.minor
}

const ranks = new Map<string, number>()
const versionRanks = new Map<string, number>()
for (const { group, version } of builtinKinds) {
  if (!ranks.has(group)) ranks.set(group, ranks.size)
  const key = `${group}/${version}`
  if (!versionRanks.has(key)) versionRanks.set(key, versionRanks.size)
}

function rankOf(group: string): number {
  return ranks.get(group) ?? Number.MAX_SAFE_INTEGER
}

function builtinVersionRank(group: string, version: string): number {
  return versionRanks.get(`${group}/${version}`) ?? Number.MAX_SAFE_INTEGER
}

function parseVersion(version: string): { stability: number; major: number; minor: number } | undefined {
  const match = /^v(\d+)(?:(alpha|beta)(\d+))?$/.exec(version)
  if (!match) return undefined
  const stability = match[2] === 'alpha' ? 0 : match[2] === 'beta' ? 1 : 2
  return { stability, major: Number(match[1]), minor: Number(match[3] ?? 0) }
}
