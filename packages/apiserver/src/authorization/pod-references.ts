import type { Container, EphemeralContainer, PersistentVolume, Pod, Volume } from '@treeline/api'

/** Resources that a kubelet may read because a pod names them. */
export type ReferencedResource = 'secrets' | 'configmaps' | 'persistentvolumeclaims' | 'serviceaccounts' | 'resourceclaims'

/** What a pod names of its own namespace. */
export function podReferences(pod: Pod): { readonly resource: ReferencedResource; readonly name: string }[] {
  const { spec, status, metadata } = pod
  const containers: (Container | EphemeralContainer)[] = [
    ...(spec?.containers ?? []),
    ...(spec?.initContainers ?? []),
    ...(spec?.ephemeralContainers ?? []),
  ]
  const volumes = spec?.volumes ?? []
  const names: Record<ReferencedResource, (string | undefined)[]> = {
    secrets: [
      ...(spec?.imagePullSecrets ?? []).map(({ name }) => name),
      ...containers.flatMap(secretsOf),
      ...volumes.flatMap(volumeSecrets),
    ],
    configmaps: [...containers.flatMap(configMapsOf), ...volumes.flatMap(volumeConfigMaps)],
    persistentvolumeclaims: volumes.map((volume) => claimOf(volume, metadata.name ?? '')),
    serviceaccounts: [spec?.serviceAccountName],
    resourceclaims: [
      ...(spec?.resourceClaims ?? []).map(({ resourceClaimName }) => resourceClaimName),
      ...(status?.resourceClaimStatuses ?? []).map(({ resourceClaimName }) => resourceClaimName),
      status?.extendedResourceClaimStatus?.resourceClaimName,
    ],
  }
  return (Object.keys(names) as ReferencedResource[]).flatMap((resource) =>
    [...new Set(names[resource])].flatMap((name) => (name ? [{ resource, name }] : [])),
  )
}

/** Secrets that a kubelet needs to mount a volume. */
export function persistentVolumeSecrets(volume: PersistentVolume): { readonly namespace: string; readonly name: string }[] {
  const claimNamespace = volume.spec?.claimRef?.namespace ?? ''
  return volumeSecretPaths.flatMap((path) => {
    const reference = follow(volume.spec, path.slice(0, -1)) as Record<string, string | undefined> | undefined
    const name = reference?.[path.at(-1) ?? '']
    const namespace = reference?.['namespace'] ?? reference?.['secretNamespace'] ?? claimNamespace
    return name ? [{ namespace, name }] : []
  })
}

/** The claim a volume of a pod mounts; an ephemeral volume's is named after pod and volume. */
export function claimOf(volume: Volume, podName: string): string | undefined {
  return volume.persistentVolumeClaim?.claimName ?? (volume.ephemeral ? `${podName}-${volume.name}` : undefined)
}

/** Where volume sources name a secret of the pod's namespace. */
const podSecretPaths = [
  ['azureFile', 'secretName'],
  ['cephfs', 'secretRef', 'name'],
  ['cinder', 'secretRef', 'name'],
  ['csi', 'nodePublishSecretRef', 'name'],
  ['flexVolume', 'secretRef', 'name'],
  ['iscsi', 'secretRef', 'name'],
  ['rbd', 'secretRef', 'name'],
  ['scaleIO', 'secretRef', 'name'],
  ['secret', 'secretName'],
  ['storageos', 'secretRef', 'name'],
] as const

/** The same of persistent volumes. What only a controller uses is not the kubelet's to read. */
const volumeSecretPaths: readonly (readonly string[])[] = [
  ['azureFile', 'secretName'],
  ['cephfs', 'secretRef', 'name'],
  ['cinder', 'secretRef', 'name'],
  ['csi', 'nodePublishSecretRef', 'name'],
  ['csi', 'nodeStageSecretRef', 'name'],
  ['csi', 'nodeExpandSecretRef', 'name'],
  ['flexVolume', 'secretRef', 'name'],
  ['iscsi', 'secretRef', 'name'],
  ['rbd', 'secretRef', 'name'],
  ['scaleIO', 'secretRef', 'name'],
  ['storageos', 'secretRef', 'name'],
]

const follow = (value: unknown, path: readonly string[]): unknown =>
  path.reduce<unknown>((found, step) => (found as Record<string, unknown> | undefined)?.[step], value)

const secretsOf = (container: Container | EphemeralContainer): (string | undefined)[] => [
  ...(container.env ?? []).map(({ valueFrom }) => valueFrom?.secretKeyRef?.name),
  ...(container.envFrom ?? []).map(({ secretRef }) => secretRef?.name),
]

const configMapsOf = (container: Container | EphemeralContainer): (string | undefined)[] => [
  ...(container.env ?? []).map(({ valueFrom }) => valueFrom?.configMapKeyRef?.name),
  ...(container.envFrom ?? []).map(({ configMapRef }) => configMapRef?.name),
]

const volumeSecrets = (volume: Volume): (string | undefined)[] => [
  ...podSecretPaths.map((path) => follow(volume, path) as string | undefined),
  ...(volume.projected?.sources ?? []).map(({ secret }) => secret?.name),
]

const volumeConfigMaps = (volume: Volume): (string | undefined)[] => [
  volume.configMap?.name,
  ...(volume.projected?.sources ?? []).map(({ configMap }) => configMap?.name),
]
