import type { CustomResourceDefinition } from '@treeline/api'
import { compareVersions } from '../../discovery/group-order.js'

/** The warning of a deprecated version that brings none of its own: it names the best version that is not deprecated, if there is one. */
export function deprecationWarning({ spec }: CustomResourceDefinition, version: string): string {
  const { group, names } = spec
  const text = `${group}/${version} ${names.kind} is deprecated`
  const better = (spec.versions ?? [])
    .filter((candidate) => candidate.served && !candidate.deprecated && compareVersions(candidate.name, version) < 0)
    .map(({ name }) => name)
    .sort(compareVersions)[0]
  return better === undefined ? text : `${text}; use ${group}/${better} ${names.kind}`
}
