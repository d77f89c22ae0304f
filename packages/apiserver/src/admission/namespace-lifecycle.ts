import { Namespace } from '@treeline/api'
import { errors, StatusError } from '@treeline/machinery'
import type { ApiInternals } from '../registry/internals.js'
import type { AdmissionAttributes, AdmissionPlugin } from './admission.js'
import { isAbout, refused } from './refusal.js'

/** Namespaces without which a cluster does not work. */
const immortal = new Set(['default', 'kube-system', 'kube-public'])

/** Nothing comes into a namespace that is not there or is going; the namespaces of the system stay. */
export function namespaceLifecycle(internals: ApiInternals): AdmissionPlugin {
  return {
    name: 'NamespaceLifecycle',
    admit(attributes) {
      const { operation, name = '', namespace } = attributes
      if (isAbout(attributes, 'namespaces')) {
        if (operation === 'DELETE' && immortal.has(name)) {
          throw errors.forbidden({ group: '', resource: 'namespaces' }, name, 'this namespace may not be deleted')
        }
        return
      }
      if (!namespace || (operation !== 'CREATE' && operation !== 'UPDATE') || attributes.kind.plural === 'namespaces') return
      // An answer about the namespace would tell whether it exists.
      if (isAbout(attributes, 'localsubjectaccessreviews.authorization.k8s.io')) return
      const found = internals.get(Namespace, undefined, namespace)
      if (!found) throw errors.notFound({ group: '', resource: 'namespaces' }, namespace)
      if (operation === 'CREATE' && found.status?.phase === 'Terminating') throw terminating(attributes, namespace)
    },
  }
}

const terminating = (attributes: AdmissionAttributes, namespace: string): StatusError => {
  const { code, reason, message, details } = refused(
    attributes,
    `unable to create new content in namespace ${namespace} because it is being terminated`,
  )
  const cause = { reason: 'NamespaceTerminating', message: `namespace ${namespace} is being terminated`, field: 'metadata.namespace' }
  return new StatusError({ code, reason, message, details: { ...details, causes: [cause] } })
}
