import type { AdmissionPlugin } from './admission.js'
import { isAbout } from './refusal.js'

/** Finalizers that controllers take off once nothing uses the object. */
const finalizers: Readonly<Record<string, string>> = {
  persistentvolumes: 'kubernetes.io/pv-protection',
  persistentvolumeclaims: 'kubernetes.io/pvc-protection',
  'volumeattributesclasses.storage.k8s.io': 'kubernetes.io/vac-protection',
}

/** Volumes and claims in use are not deleted under their users. */
export const storageObjectInUseProtection: AdmissionPlugin = {
  name: 'StorageObjectInUseProtection',
  admit(attributes) {
    const { operation, object } = attributes
    if (operation !== 'CREATE' || !object) return
    for (const [resource, finalizer] of Object.entries(finalizers)) {
      if (!isAbout(attributes, resource) || object.metadata.finalizers?.includes(finalizer)) continue
      object.metadata.finalizers = [...(object.metadata.finalizers ?? []), finalizer]
    }
  },
}
