import { type FieldPath, quote, validateDnsSubdomain } from '@treeline/machinery'
import type { TypeOf } from '../../declaration/type-of.js'
import { type Findings, forEachItem } from '../findings.js'
import { requireLabel } from '../names.js'
import type { PodRules } from './pod-rules.js'
import type { KnownVolumes } from './volume-mounts.js'
import { volumeSources } from './volume-sources.js'

type Volume = TypeOf<'core.v1.Volume'>

/** The pod that has the volumes; templates have none. */
export interface VolumeOwner {
  readonly name?: string
}

/** Checks the volumes of a pod, and answers those that are well-formed by name. */
export function checkVolumes(
  found: Findings,
  volumes: readonly Volume[] | undefined,
  path: FieldPath,
  pod: VolumeOwner | undefined,
  rules: PodRules,
): KnownVolumes {
  const known = new Map<string, Volume>()
  const claimsToMake = new Set((volumes ?? []).filter(({ ephemeral }) => pod?.name && ephemeral).map(({ name }) => `${pod?.name}-${name}`))
  forEachItem(volumes, path, (volume, at) => {
    const before = found.count
    checkSource(found, volume, at, pod, rules)
    requireLabel(found, volume.name, at.child('name'))
    if (known.has(volume.name)) found.duplicate(at.child('name'), volume.name)
    if (found.count === before) known.set(volume.name, volume)
    const claim = volume.persistentVolumeClaim?.claimName
    if (claim && claimsToMake.has(claim)) {
      found.invalid(
        at.child('persistentVolumeClaim', 'claimName'),
        claim,
        'must not reference a PVC that gets created for an ephemeral volume',
      )
    }
  })
  return known
}

const longestIscsiName = 64

function checkSource(found: Findings, volume: Volume, path: FieldPath, pod: VolumeOwner | undefined, rules: PodRules): void {
  let given = 0
  for (const { name, refusedAt = name, checkedAt = name, check } of volumeSources) {
    const source = volume[name]
    if (!source) continue
    if (given++ > 0) found.forbidden(path.child(refusedAt), 'may not specify more than 1 volume type')
    else check?.(found, source, path.child(checkedAt), { isPod: pod !== undefined, anyTokenPath: rules.anyTokenPath })
    if (name === 'iscsi') checkIscsiName(found, volume, path)
    if (name === 'ephemeral' && given === 1 && pod?.name && volume.name)
      checkClaimName(found, `${pod.name}-${volume.name}`, volume.name, path)
  }
  if (given === 0) found.required(path, 'must specify a volume type')
}

function checkIscsiName(found: Findings, { name, iscsi }: Volume, path: FieldPath): void {
  if (iscsi?.initiatorName === undefined || Buffer.byteLength(`${name}:${iscsi.targetPortal}`) <= longestIscsiName) return
  found.invalid(
    path.child('name'),
    name,
    'Total length of <volume name>:<iscsi.targetPortal> must be under 64 characters if iscsi.initiatorName is specified.',
  )
}

/** The claim that an ephemeral volume becomes needs a name that fits. */
function checkClaimName(found: Findings, claim: string, volume: string, path: FieldPath): void {
  for (const problem of validateDnsSubdomain(claim)) {
    found.invalid(path.child('name'), volume, `PVC name ${quote(claim)}: ${problem}`)
  }
}
