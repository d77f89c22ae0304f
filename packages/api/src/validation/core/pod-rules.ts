import { Quantity } from '@treeline/machinery'
import type { TypeOf } from '../../declaration/type-of.js'
import { isHugePages, isWholePages } from '../resource-names.js'
import { type AffinityLeniency, affinityLeniency, noLeniency } from './affinity.js'
import { hostSysctlProblem } from './security-context.js'
import { hasInvalidSpreadSelector } from './topology-spread.js'

type PodSpec = TypeOf<'core.v1.PodSpec'>

/** Rules that were made stricter over time: what a stored object got wrong before, it may keep. */
export interface PodRules {
  readonly affinity: AffinityLeniency
  readonly anySpreadSelector: boolean
  readonly partsOfPages: boolean
  readonly sysctlsOfHost: boolean
  readonly anyTokenPath: boolean
  readonly ownUsersWithDevices: boolean
  readonly ownUsersOnHostNetwork: boolean
}

export const strictPodRules: PodRules = {
  affinity: noLeniency,
  anySpreadSelector: false,
  partsOfPages: false,
  sysctlsOfHost: false,
  anyTokenPath: false,
  ownUsersWithDevices: false,
  ownUsersOnHostNetwork: false,
}

/** The rules for an update of an object that had this spec. */
export function podRulesFor(old: PodSpec | undefined): PodRules {
  if (!old) return strictPodRules
  const ownUsers = old.hostUsers === false
  return {
    affinity: affinityLeniency(old.affinity),
    anySpreadSelector: hasInvalidSpreadSelector(old.topologySpreadConstraints),
    partsOfPages: allContainers(old).some(hasPartsOfPages),
    sysctlsOfHost: (old.securityContext?.sysctls ?? []).some(({ name }) => hostSysctlProblem(name, old) !== undefined),
    anyTokenPath: (old.volumes ?? []).some((volume) =>
      (volume.projected?.sources ?? []).some(({ serviceAccountToken: token }) => token && /^\/|(^|\/)\.\.|^\.\./.test(token.path)),
    ),
    ownUsersWithDevices: ownUsers && allContainers(old).some(({ volumeDevices }) => (volumeDevices?.length ?? 0) > 0),
    ownUsersOnHostNetwork: ownUsers && old.hostNetwork === true,
  }
}

function allContainers(spec: PodSpec): TypeOf<'core.v1.Container'>[] {
  return [...(spec.initContainers ?? []), ...(spec.containers ?? []), ...(spec.ephemeralContainers ?? [])]
}

function hasPartsOfPages({ resources }: TypeOf<'core.v1.Container'>): boolean {
  return [resources?.limits, resources?.requests].some((amounts) =>
    Object.entries(amounts ?? {}).some(([name, amount]) => isHugePages(name) && !isWholePages(name, Quantity.parse(amount))),
  )
}
