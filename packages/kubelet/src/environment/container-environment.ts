import type { ConfigMap, Container, EnvVar, Secret, Service } from '@treeline/api'
import type { AssignedPod } from '../assigned-pod.js'
import { containerResource, type DownwardFacts, podField } from './downward.js'
import { expand } from './expand.js'
import { serviceVariables } from './service-variables.js'

/** Where variables come from. Config maps and secrets are undefined when they do not exist. */
export interface EnvironmentSources extends DownwardFacts {
  readonly services: readonly Service[]
  configMap(name: string): Promise<ConfigMap | undefined>
  secret(name: string): Promise<Secret | undefined>
}

/**
 * The environment of a container: the services', then `envFrom` in order, then `env` in order, later ones winning.
 * Throws, with the words shown as the container's waiting message, when something required is missing.
 */
export async function containerEnvironment(
  pod: AssignedPod,
  container: Container,
  sources: EnvironmentSources,
): Promise<Map<string, string>> {
  const fromServices = serviceVariables(sources.services, pod.metadata.namespace, pod.spec.enableServiceLinks !== false)
  const own = new Map<string, string>()
  for (const { prefix = '', configMapRef, secretRef } of container.envFrom ?? []) {
    const entries = configMapRef
      ? (await required(sources.configMap, 'configmap', configMapRef))?.data
      : secretRef && decoded((await required(sources.secret, 'secret', secretRef))?.data)
    for (const [key, value] of Object.entries(entries ?? {})) own.set(prefix + key, value)
  }
  const lookup = (name: string) => own.get(name) ?? fromServices.get(name)
  for (const variable of container.env ?? []) {
    const value = variable.value ? expand(variable.value, lookup) : await referenced(pod, container, variable, sources)
    if (value !== undefined) own.set(variable.name, value)
  }
  return new Map([...fromServices, ...own])
}

async function referenced(
  pod: AssignedPod,
  container: Container,
  { valueFrom }: EnvVar,
  sources: EnvironmentSources,
): Promise<string | undefined> {
  if (valueFrom?.fieldRef) return podField(pod, valueFrom.fieldRef.fieldPath, sources)
  if (valueFrom?.resourceFieldRef) return containerResource(pod, container, valueFrom.resourceFieldRef, sources)
  if (valueFrom?.configMapKeyRef) {
    const { key, optional } = valueFrom.configMapKeyRef
    const map = await required(sources.configMap, 'configmap', valueFrom.configMapKeyRef)
    return keyed(map?.data, key, optional, 'ConfigMap', pod, valueFrom.configMapKeyRef.name)
  }
  if (valueFrom?.secretKeyRef) {
    const { key, optional } = valueFrom.secretKeyRef
    const secret = await required(sources.secret, 'secret', valueFrom.secretKeyRef)
    const value = keyed(secret?.data, key, optional, 'Secret', pod, valueFrom.secretKeyRef.name)
    return value === undefined ? undefined : Buffer.from(value, 'base64').toString()
  }
  if (valueFrom?.fileKeyRef) throw new Error('environment variables from files are not supported')
  return ''
}

async function required<T>(
  read: (name: string) => Promise<T | undefined>,
  kind: string,
  reference: { name?: string; optional?: boolean | null },
): Promise<T | undefined> {
  const object = await read(reference.name ?? '')
  if (object === undefined && reference.optional !== true) throw new Error(`${kind} "${reference.name ?? ''}" not found`)
  return object
}

function keyed(
  data: Readonly<Record<string, string>> | undefined,
  key: string,
  optional: boolean | null | undefined,
  kind: string,
  pod: AssignedPod,
  name = '',
): string | undefined {
  if (data !== undefined && Object.hasOwn(data, key)) return data[key]
  if (optional === true) return undefined
  throw new Error(`couldn't find key ${key} in ${kind} ${pod.metadata.namespace}/${name}`)
}

function decoded(data: Readonly<Record<string, string>> | undefined): Record<string, string> {
  return Object.fromEntries(Object.entries(data ?? {}).map(([key, value]) => [key, Buffer.from(value, 'base64').toString()]))
}
