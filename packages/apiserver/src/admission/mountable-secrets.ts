import type { Container, EphemeralContainer, Pod, ServiceAccount } from '@treeline/api'

/** Why a pod may not run as an account that limits its pods to its own secrets; undefined when it may. */
export function mountableSecretsProblem(account: ServiceAccount, pod: Pod): string | undefined {
  const because = `is not allowed because service account ${account.metadata.name} does not reference that`
  const mountable = new Set((account.secrets ?? []).map(({ name }) => name))
  const volume = pod.spec?.volumes?.find(({ secret }) => secret && !mountable.has(secret.secretName))
  if (volume) return `volume with secret.secretName="${volume.secret?.secretName ?? ''}" ${because} secret`
  const inContainers = containerKinds.flatMap(([title, field]) =>
    (pod.spec?.[field] ?? []).flatMap((container) => foreignSecrets(title, container, mountable)),
  )
  if (inContainers[0]) return `${inContainers[0]} ${because} secret`
  const pullable = new Set((account.imagePullSecrets ?? []).map(({ name }) => name))
  const pullSecrets = pod.spec?.imagePullSecrets ?? []
  const index = pullSecrets.findIndex(({ name }) => !pullable.has(name))
  return index < 0 ? undefined : `imagePullSecrets[${index}].name="${pullSecrets[index]?.name ?? ''}" ${because} imagePullSecret`
}

const containerKinds = [
  ['init container', 'initContainers'],
  ['container', 'containers'],
  ['ephemeral container', 'ephemeralContainers'],
] as const

const foreignSecrets = (title: string, container: Container | EphemeralContainer, mountable: ReadonlySet<string | undefined>): string[] => [
  ...(container.env ?? []).flatMap(({ name, valueFrom }) => {
    const secret = valueFrom?.secretKeyRef
    if (!secret || mountable.has(secret.name)) return []
    return `${title} ${container.name} with envVar ${name} referencing secret.secretName="${secret.name ?? ''}"`
  }),
  ...(container.envFrom ?? []).flatMap(({ secretRef }) => {
    if (!secretRef || mountable.has(secretRef.name)) return []
    return `${title} ${container.name} with envFrom referencing secret.secretName="${secretRef.name ?? ''}"`
  }),
]
