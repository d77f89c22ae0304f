import { createHash } from 'node:crypto'
import { chmod, mkdir, realpath, stat, writeFile } from 'node:fs/promises'
import { isAbsolute, join, relative } from 'node:path'
import type { MessageInitShape } from '@bufbuild/protobuf'
import type { Container, VolumeMount } from '@treeline/api'
import { MountPropagation, type MountSchema } from '@treeline/cri'
import { type AssignedPod, isHostNetwork } from '../assigned-pod.js'
import { expand } from '../environment/expand.js'
import { hostsFile } from '../network/hosts-file.js'
import type { PreparedVolume } from './pod-volumes.js'

type Mount = MessageInitShape<typeof MountSchema>

export interface MountContext {
  readonly podDirectory: string
  readonly volumes: ReadonlyMap<string, PreparedVolume>
  readonly environment: ReadonlyMap<string, string>
  readonly podIPs: readonly string[]
  readonly hostname: string
  readonly domain: string
  readonly restartCount: number
}

/** The mounts of a container: its volumes, its hosts file and its termination message. Throws what its status will say. */
export async function containerMounts(pod: AssignedPod, container: Container, context: MountContext): Promise<Mount[]> {
  const mounts: Mount[] = []
  for (const mount of container.volumeMounts ?? []) mounts.push(await volumeMount(container, mount, context))
  const mounted = new Set(mounts.map(({ containerPath }) => containerPath))
  if (!mounted.has('/etc/hosts') && (isHostNetwork(pod) || context.podIPs.length > 0)) {
    mounts.push({ containerPath: '/etc/hosts', hostPath: await writeHosts(pod, context) })
  }
  if (container.terminationMessagePath) {
    const hostPath = await makeTerminationLog(container, context)
    mounts.push({ containerPath: container.terminationMessagePath, hostPath })
  }
  return mounts
}

const propagations: Readonly<Record<string, MountPropagation>> = {
  None: MountPropagation.PROPAGATION_PRIVATE,
  HostToContainer: MountPropagation.PROPAGATION_HOST_TO_CONTAINER,
  Bidirectional: MountPropagation.PROPAGATION_BIDIRECTIONAL,
}

async function volumeMount(container: Container, mount: VolumeMount, context: MountContext): Promise<Mount> {
  const volume = context.volumes.get(mount.name)
  if (volume === undefined) throw new Error(`cannot find volume "${mount.name}" to mount into container "${container.name}"`)
  const subPath = mount.subPathExpr ? expandStrictly(mount.subPathExpr, context.environment) : (mount.subPath ?? '')
  return {
    containerPath: isAbsolute(mount.mountPath) ? mount.mountPath : `/${mount.mountPath}`,
    hostPath: subPath === '' ? volume.hostPath : await resolveSubPath(volume.hostPath, subPath, mount, container),
    readonly: mount.readOnly === true || volume.readOnly,
    propagation: propagations[mount.mountPropagation ?? 'None'] ?? MountPropagation.PROPAGATION_PRIVATE,
    recursiveReadOnly: mount.recursiveReadOnly === 'Enabled',
  }
}

function expandStrictly(text: string, environment: ReadonlyMap<string, string>): string {
  const missing: string[] = []
  const result = expand(text, (name) => {
    const value = environment.get(name)
    if (value === undefined) missing.push(name)
    return value
  })
  if (missing.length > 0) throw new Error(`missing value for "${missing[0]}"`)
  return result
}

/** The place below the volume, made if it is not there, and refused if a link leads out. */
async function resolveSubPath(volume: string, subPath: string, mount: VolumeMount, container: Container): Promise<string> {
  if (isAbsolute(subPath)) throw new Error(`error SubPath \`${subPath}\` must not be an absolute path`)
  if (subPath.split('/').includes('..')) throw new Error(`unable to provision SubPath \`${subPath}\`: must not contain '..'`)
  const root = await realpath(volume)
  const wanted = join(root, subPath)
  try {
    if ((await stat(wanted).catch(() => undefined)) === undefined) {
      await mkdir(wanted, { recursive: true })
      await chmod(wanted, (await stat(root)).mode & 0o7777)
    }
    const actual = await realpath(wanted)
    const inside = relative(root, actual)
    if (inside.startsWith('..') || isAbsolute(inside)) throw new Error('leads out of the volume')
    return actual
  } catch (error) {
    throw new Error(`failed to prepare subPath for volumeMount "${mount.name}" of container "${container.name}"`, { cause: error })
  }
}

async function writeHosts(pod: AssignedPod, context: MountContext): Promise<string> {
  const path = join(context.podDirectory, 'etc-hosts')
  await writeFile(path, await hostsFile(pod, context), { mode: 0o644 })
  return path
}

/** A file of its own for each run, writable by whatever user the container has. */
async function makeTerminationLog(container: Container, { podDirectory, restartCount }: MountContext): Promise<string> {
  const folder = join(podDirectory, 'containers', container.name)
  await mkdir(folder, { recursive: true })
  const path = join(folder, createHash('sha256').update(`${restartCount} ${Date.now()}`).digest('hex').slice(0, 8))
  await writeFile(path, '')
  await chmod(path, 0o666)
  return path
}
