import { type Ingress, IngressClass, type PersistentVolumeClaim, StorageClass } from '@treeline/api'
import type { KubernetesObject } from '@treeline/machinery'
import type { ApiInternals } from '../registry/internals.js'
import type { AdmissionPlugin } from './admission.js'
import { isAbout } from './refusal.js'

/** Gives a claim that names no storage class the default one. */
export function defaultStorageClass(internals: ApiInternals): AdmissionPlugin {
  return {
    name: 'DefaultStorageClass',
    admit(attributes) {
      if (attributes.operation !== 'CREATE' || !isAbout(attributes, 'persistentvolumeclaims')) return
      const { metadata, spec } = attributes.object as PersistentVolumeClaim
      if (!spec || metadata.annotations?.['volume.beta.kubernetes.io/storage-class'] !== undefined || spec.storageClassName !== undefined)
        return
      const found = newest(internals.list(StorageClass), defaultStorageClassKeys)
      if (found) spec.storageClassName = found.metadata.name
    },
  }
}

/** Gives an Ingress that names no class the default one. */
export function defaultIngressClass(internals: ApiInternals): AdmissionPlugin {
  return {
    name: 'DefaultIngressClass',
    admit(attributes) {
      if (attributes.operation !== 'CREATE' || !isAbout(attributes, 'ingresses.networking.k8s.io')) return
      const { metadata, spec } = attributes.object as Ingress
      if (!spec || spec.ingressClassName !== undefined || metadata.annotations?.['kubernetes.io/ingress.class'] !== undefined) return
      const found = newest(internals.list(IngressClass), ['ingressclass.kubernetes.io/is-default-class'])
      if (found) spec.ingressClassName = found.metadata.name
    },
  }
}

const defaultStorageClassKeys = ['storageclass.kubernetes.io/is-default-class', 'storageclass.beta.kubernetes.io/is-default-class']

/** The newest of the classes marked as default; of equally old ones the first by name. */
const newest = <T extends KubernetesObject>(classes: readonly T[], keys: readonly string[]): T | undefined =>
  classes
    .filter(({ metadata }) => keys.some((key) => metadata.annotations?.[key] === 'true'))
    .sort((left, right) => {
      const [a, b] = [left.metadata.creationTimestamp ?? '', right.metadata.creationTimestamp ?? '']
      if (a !== b) return a > b ? -1 : 1
      return (left.metadata.name ?? '') < (right.metadata.name ?? '') ? -1 : 1
    })[0]
