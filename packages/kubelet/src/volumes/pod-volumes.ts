import { chmod, chown, mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Volume } from '@treeline/api'
import { type Ownership, type Payload, writeAtomically, writeFirst } from './atomic-writer.js'
import { checkHostPath } from './host-path.js'
import { payloadOf } from './payloads.js'
import type { VolumeContext } from './volume-context.js'
import { digestOf } from './written-volumes.js'

/** A volume as containers mount it. */
export interface PreparedVolume {
  readonly hostPath: string
  /** Mounted read-only whatever the mount says. */
  readonly readOnly: boolean
}

/** Says which volume could not be made. */
export class VolumeError extends Error {
  override readonly name = 'VolumeError'
  constructor(
    readonly volume: string,
    cause: unknown,
  ) {
    super(`MountVolume.SetUp failed for volume "${volume}" : ${cause instanceof Error ? cause.message : cause}`, { cause })
  }
}

/**
 * Makes every volume of a pod and brings those made of API objects up to date. Throws a VolumeError for the first that
 * cannot be had.
 */
export async function preparePodVolumes(context: VolumeContext): Promise<Map<string, PreparedVolume>> {
  const prepared = new Map<string, PreparedVolume>()
  for (const volume of context.pod.spec.volumes ?? []) {
    try {
      prepared.set(volume.name, await prepare(volume, context))
    } catch (error) {
      if (context.signal.aborted) throw error
      throw new VolumeError(volume.name, error)
    }
  }
  return prepared
}

async function prepare(volume: Volume, context: VolumeContext): Promise<PreparedVolume> {
  if (volume.hostPath) {
    await checkHostPath(volume.hostPath)
    return { hostPath: volume.hostPath.path, readOnly: false }
  }
  const owner = groupOwner(context)
  const payload = await payloadOf(volume, context)
  const plugin = pluginOf(volume)
  if (plugin === undefined) {
    const [kind = 'unknown'] = Object.keys(volume).filter((key) => key !== 'name')
    throw new Error(`volumes of type ${kind} are not supported by this node`)
  }
  const hostPath = join(context.podDirectory, 'volumes', `kubernetes.io~${plugin}`, volume.name)
  const { uid } = context.pod.metadata
  const digest = digestOf(payload)
  if (!context.written.holds(uid, volume.name, digest)) {
    await makeVolume(hostPath, payload, owner)
    context.written.note(uid, volume.name, digest)
  }
  return { hostPath, readOnly: payload !== undefined && plugin !== 'downward-api' }
}

async function makeVolume(hostPath: string, payload: Payload | undefined, owner: Ownership): Promise<void> {
  const made = await mkdir(hostPath, { recursive: true })
  if (payload !== undefined) {
    if (made === undefined) await writeAtomically(hostPath, payload, owner)
    else await writeFirst(hostPath, payload, owner)
  } else if (made !== undefined) {
    await chmod(hostPath, owner.gid === undefined ? 0o777 : 0o2777)
    if (owner.gid !== undefined) await chown(hostPath, -1, owner.gid)
  }
}

function pluginOf(volume: Volume): string | undefined {
  if (volume.configMap) return 'configmap'
  if (volume.secret) return 'secret'
  if (volume.downwardAPI) return 'downward-api'
  if (volume.projected) return 'projected'
  return volume.emptyDir ? 'empty-dir' : undefined
}

/** Only root can give files away; without that, every container of the runtime runs as the agent's user anyway. */
function groupOwner({ pod }: VolumeContext): Ownership {
  const group = pod.spec.securityContext?.fsGroup
  return { uid: undefined, gid: group == null || process.getuid?.() !== 0 ? undefined : group }
}
