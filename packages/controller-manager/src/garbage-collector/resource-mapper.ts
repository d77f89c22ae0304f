import type { DiscoveredResource } from '@treeline/client'
import { parseGroupVersion } from '@treeline/machinery'

/** Finds the resource of a kind that a reference names. */
export class ResourceMapper {
  private readonly exact = new Map<string, DiscoveredResource>()
  private readonly anyVersion = new Map<string, DiscoveredResource>()

  constructor(resources: readonly DiscoveredResource[]) {
    for (const resource of resources) {
      const { group, version, kind } = resource
      this.exact.set(`${group}/${version}/${kind}`, resource)
      const name = `${group}/${kind}`
      if (!this.anyVersion.has(name)) this.anyVersion.set(name, resource)
    }
  }

  /** The version named, else another one of the same kind: a version that is gone still names the same objects. */
  resourceOf(apiVersion: string, kind: string): DiscoveredResource | undefined {
    const { group, version } = parseGroupVersion(apiVersion)
    return this.exact.get(`${group}/${version}/${kind}`) ?? this.anyVersion.get(`${group}/${kind}`)
  }
}
