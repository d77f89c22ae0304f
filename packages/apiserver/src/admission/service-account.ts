import { type Container, type Pod, ServiceAccount, type Volume } from '@treeline/api'
import { randomSuffix } from '@treeline/machinery'
import { podReferences } from '../authorization/pod-references.js'
import type { ApiInternals } from '../registry/internals.js'
import type { AdmissionAttributes, AdmissionPlugin } from './admission.js'
import { arrival } from './arrival.js'
import { mountableSecretsProblem } from './mountable-secrets.js'
import { isAbout, refused } from './refusal.js'

const tokenMountPath = '/var/run/secrets/kubernetes.io/serviceaccount'
const tokenVolumePrefix = 'kube-api-access-'
/** Seconds a pod's token lives; this very number also tells the server that it may be used a little longer. */
const tokenLifetime = 3607
/** Milliseconds to wait for the default account of a namespace that was just made. */
const patience = 1000

/** Every pod runs as a service account, and its containers find that account's token. */
export function serviceAccount(internals: ApiInternals): AdmissionPlugin {
  return {
    name: 'ServiceAccount',
    async admit(attributes) {
      if (attributes.operation !== 'CREATE' || !isAbout(attributes, 'pods')) return
      const pod = attributes.object as Pod
      if (!pod.spec || isMirror(pod)) return checkMirror(attributes, pod)
      pod.spec.serviceAccountName ||= 'default'
      pod.spec.serviceAccount = pod.spec.serviceAccountName
      const account = await accountOf(attributes, pod, internals)
      if (pod.spec.automountServiceAccountToken ?? account.automountServiceAccountToken ?? true) mountToken(pod.spec)
      if (!pod.spec.imagePullSecrets?.length && account.imagePullSecrets?.length) {
        pod.spec.imagePullSecrets = account.imagePullSecrets.map(({ name }) => ({ name }))
      }
      checkSecrets(attributes, account, pod)
    },
    async validate(attributes) {
      const { operation } = attributes
      const pod = attributes.object as Pod
      if (operation === 'CREATE' && isAbout(attributes, 'pods')) {
        if (isMirror(pod)) return checkMirror(attributes, pod)
        checkSecrets(attributes, await accountOf(attributes, pod, internals), pod)
      }
      if (operation === 'UPDATE' && isAbout(attributes, 'pods', 'ephemeralcontainers')) {
        checkSecrets(attributes, await accountOf(attributes, pod, internals), { metadata: pod.metadata, spec: ephemeralOnly(pod) })
      }
    },
  }
}

async function accountOf(attributes: AdmissionAttributes, pod: Pod, internals: ApiInternals): Promise<ServiceAccount> {
  const { namespace = '' } = attributes
  const name = pod.spec?.serviceAccountName ?? ''
  if (name === '') throw refused(attributes, `no service account specified for pod ${namespace}/${pod.metadata.name ?? ''}`)
  const found = internals.get(ServiceAccount, namespace, name)
  if (found) return found
  // A controller makes the default account a moment after its namespace.
  const made = name === 'default' ? await arrival(internals, ServiceAccount, namespace, name, patience) : undefined
  if (made) return made
  throw refused(attributes, `error looking up service account ${namespace}/${name}: serviceaccount "${name}" not found`)
}

function mountToken(spec: NonNullable<Pod['spec']>): void {
  const existing = spec.volumes?.find(({ name }) => name.startsWith(tokenVolumePrefix))
  const name = existing?.name ?? `${tokenVolumePrefix}${randomSuffix(5)}`
  let needed = false
  for (const container of [...(spec.initContainers ?? []), ...(spec.containers ?? [])] as Container[]) {
    if (container.volumeMounts?.some(({ mountPath }) => mountPath === tokenMountPath)) continue
    container.volumeMounts = [...(container.volumeMounts ?? []), { name, readOnly: true, mountPath: tokenMountPath }]
    needed = true
  }
  if (needed && !existing) spec.volumes = [...(spec.volumes ?? []), tokenVolume(name)]
}

const tokenVolume = (name: string): Volume => ({
  name,
  projected: {
    sources: [
      { serviceAccountToken: { expirationSeconds: tokenLifetime, path: 'token' } },
      { configMap: { name: 'kube-root-ca.crt', items: [{ key: 'ca.crt', path: 'ca.crt' }] } },
      { downwardAPI: { items: [{ path: 'namespace', fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.namespace' } }] } },
    ],
    defaultMode: 0o644,
  },
})

const isMirror = (pod: Pod): boolean => pod.metadata.annotations?.['kubernetes.io/config.mirror'] !== undefined

/** A mirror pod shows what a node runs by itself; it must not open anything of the API to it. */
function checkMirror(attributes: AdmissionAttributes, pod: Pod): void {
  if (!isMirror(pod)) return
  if (pod.spec?.serviceAccountName) throw refused(attributes, 'a mirror pod may not reference service accounts')
  if (podReferences(pod).some(({ resource }) => resource === 'secrets')) throw refused(attributes, 'a mirror pod may not reference secrets')
  if (pod.spec?.volumes?.some(({ projected }) => projected?.sources?.some(({ serviceAccountToken }) => serviceAccountToken))) {
    throw refused(attributes, 'a mirror pod may not use ServiceAccountToken volume projections')
  }
}

function checkSecrets(attributes: AdmissionAttributes, account: ServiceAccount, pod: Pod): void {
  if (account.metadata.annotations?.['kubernetes.io/enforce-mountable-secrets'] !== 'true') return
  const problem = mountableSecretsProblem(account, pod)
  if (problem) throw refused(attributes, problem)
}

const ephemeralOnly = (pod: Pod): Pod['spec'] => ({ containers: [], ephemeralContainers: pod.spec?.ephemeralContainers })
