import type { ConfigMap, DownwardAPIVolumeFile, KeyToPath, ProjectedVolumeSource, Secret, Volume } from '@treeline/api'
import { containerResource, podField } from '../environment/downward.js'
import type { PayloadFile } from './atomic-writer.js'
import type { VolumeContext } from './volume-context.js'

type Files = Map<string, PayloadFile>

const usualMode = 0o644

/**
 * The files of a volume that is made of API objects; undefined for other volumes. Throws when something required does
 * not exist, with the words of the FailedMount event.
 */
export async function payloadOf(volume: Volume, context: VolumeContext): Promise<Files | undefined> {
  if (volume.configMap) {
    const { name = '', items, optional, defaultMode } = volume.configMap
    return configMapFiles(await found('configmap', name, optional, context.configMap(name)), items, defaultMode, optional)
  }
  if (volume.secret) {
    const { secretName = '', items, optional, defaultMode } = volume.secret
    return secretFiles(await found('secret', secretName, optional, context.secret(secretName)), items, defaultMode, optional)
  }
  if (volume.downwardAPI) return downwardFiles(volume.downwardAPI.items ?? [], volume.downwardAPI.defaultMode, context)
  if (volume.projected) return projectedFiles(volume.projected, context)
  return undefined
}

async function projectedFiles({ sources = [], defaultMode }: ProjectedVolumeSource, context: VolumeContext): Promise<Files> {
  const files: Files = new Map()
  for (const source of sources) {
    for (const [path, file] of await sourceFiles(source, defaultMode, context)) files.set(path, file)
  }
  return files
}

type Source = NonNullable<ProjectedVolumeSource['sources']>[number]

async function sourceFiles(source: Source, defaultMode: number | null | undefined, context: VolumeContext): Promise<Files> {
  const { configMap, secret, downwardAPI, serviceAccountToken } = source
  if (configMap) {
    const { name = '', items, optional } = configMap
    return configMapFiles(await found('configmap', name, optional, context.configMap(name)), items, defaultMode, optional)
  }
  if (secret) {
    const { name = '', items, optional } = secret
    return secretFiles(await found('secret', name, optional, context.secret(name)), items, defaultMode, optional)
  }
  if (downwardAPI) return downwardFiles(downwardAPI.items ?? [], defaultMode, context)
  if (serviceAccountToken) {
    const { audience = '', expirationSeconds, path } = serviceAccountToken
    const token = await context.token(audience, expirationSeconds ?? 3_600)
    return new Map([[path, { data: Buffer.from(token), mode: tokenMode(defaultMode, context) }]])
  }
  const [kind = 'empty'] = Object.keys(source)
  throw new Error(`projected volume source ${kind} is not supported`)
}

/** Nobody but the owner reads a token, unless the group of the pod is meant to. */
function tokenMode(defaultMode: number | null | undefined, { pod }: VolumeContext): number {
  if (pod.spec.securityContext?.fsGroup != null) return 0o640
  const users = new Set(pod.spec.containers.map(({ securityContext }) => securityContext?.runAsUser ?? pod.spec.securityContext?.runAsUser))
  const [user] = users
  return users.size === 1 && user != null ? 0o600 : (defaultMode ?? usualMode)
}

function configMapFiles(
  map: ConfigMap | undefined,
  items: readonly KeyToPath[] | undefined,
  defaultMode: number | null | undefined,
  optional: boolean | null | undefined,
): Files {
  const contents = new Map<string, Uint8Array>()
  for (const [key, text] of Object.entries(map?.data ?? {})) contents.set(key, Buffer.from(text))
  for (const [key, base64] of Object.entries(map?.binaryData ?? {})) contents.set(key, Buffer.from(base64, 'base64'))
  return selected(contents, items, defaultMode, optional, 'references non-existent config key: ')
}

function secretFiles(
  secret: Secret | undefined,
  items: readonly KeyToPath[] | undefined,
  defaultMode: number | null | undefined,
  optional: boolean | null | undefined,
): Files {
  const contents = new Map(Object.entries(secret?.data ?? {}).map(([key, base64]) => [key, Buffer.from(base64, 'base64')]))
  return selected(contents, items, defaultMode, optional, 'references non-existent secret key: ')
}

function selected(
  contents: ReadonlyMap<string, Uint8Array>,
  items: readonly KeyToPath[] | undefined,
  defaultMode: number | null | undefined,
  optional: boolean | null | undefined,
  complaint: string,
): Files {
  const mode = defaultMode ?? usualMode
  if (items === undefined || items.length === 0) return new Map([...contents].map(([key, data]) => [key, { data, mode }]))
  const files: Files = new Map()
  for (const item of items) {
    const data = contents.get(item.key)
    if (data !== undefined) files.set(item.path, { data, mode: item.mode ?? mode })
    else if (optional !== true) throw new Error(`${complaint}${item.key}`)
  }
  return files
}

function downwardFiles(
  items: readonly DownwardAPIVolumeFile[],
  defaultMode: number | null | undefined,
  { pod, facts }: VolumeContext,
): Files {
  const files: Files = new Map()
  for (const { path, fieldRef, resourceFieldRef, mode } of items) {
    const text = fieldRef
      ? podField(pod, fieldRef.fieldPath, facts)
      : resourceFieldRef
        ? containerResource(pod, undefined, resourceFieldRef, facts)
        : ''
    files.set(path, { data: Buffer.from(text), mode: mode ?? defaultMode ?? usualMode })
  }
  return files
}

async function found<T>(
  kind: string,
  name: string,
  optional: boolean | null | undefined,
  object: Promise<T | undefined>,
): Promise<T | undefined> {
  const value = await object
  if (value === undefined && optional !== true) throw new Error(`${kind} "${name}" not found`)
  return value
}
