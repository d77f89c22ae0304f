import { type AssignedPod, containersOf } from '../assigned-pod.js'

export interface References {
  readonly configMaps: ReadonlySet<string>
  readonly secrets: ReadonlySet<string>
}

/** Names of all config maps and secrets that a pod's containers, volumes and image pulls refer to. */
export function referencesOf(pod: AssignedPod): References {
  const configMaps = new Set<string | undefined>()
  const secrets = new Set<string | undefined>()
  for (const { container } of containersOf(pod)) {
    for (const { configMapRef, secretRef } of container.envFrom ?? []) {
      configMaps.add(configMapRef?.name)
      secrets.add(secretRef?.name)
    }
    for (const { valueFrom } of container.env ?? []) {
      configMaps.add(valueFrom?.configMapKeyRef?.name)
      secrets.add(valueFrom?.secretKeyRef?.name)
    }
  }
  for (const volume of pod.spec.volumes ?? []) {
    configMaps.add(volume.configMap?.name)
    secrets.add(volume.secret?.secretName)
    for (const source of volume.projected?.sources ?? []) {
      configMaps.add(source.configMap?.name)
      secrets.add(source.secret?.name)
    }
  }
  for (const { name } of pod.spec.imagePullSecrets ?? []) secrets.add(name)
  return { configMaps: named(configMaps), secrets: named(secrets) }
}

function named(names: ReadonlySet<string | undefined>): Set<string> {
  return new Set([...names].filter((name) => name !== undefined && name !== '') as string[])
}
