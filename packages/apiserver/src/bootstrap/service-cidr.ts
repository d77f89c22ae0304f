import { ServiceCIDR } from '@treeline/api'
import { formatTime } from '@treeline/machinery'
import type { ApiInternals } from '../registry/internals.js'
import { ensure, serverFieldManager } from './ensure.js'

/** The ServiceCIDR that stands for the range the server was started with. */
export const defaultServiceCidr = 'kubernetes'
export const serviceCidrFinalizer = 'networking.k8s.io/service-cidr-finalizer'

/** Makes the default ServiceCIDR and says that it is ready. Its ranges do not follow a changed flag, as upstream. */
export async function ensureServiceCidr(internals: ApiInternals, cidrs: readonly string[], now: () => number): Promise<void> {
  const wanted: ServiceCIDR = { metadata: { name: defaultServiceCidr, finalizers: [serviceCidrFinalizer] }, spec: { cidrs: [...cidrs] } }
  await ensure(internals, ServiceCIDR, wanted)
  if (internals.get(ServiceCIDR, undefined, defaultServiceCidr)?.status?.conditions?.length) return
  const ready = {
    type: 'Ready',
    status: 'True',
    lastTransitionTime: formatTime(new Date(now())),
    reason: '',
    message: 'Kubernetes Service CIDR is ready',
  } as const
  await internals.update(
    ServiceCIDR,
    undefined,
    defaultServiceCidr,
    (current) => (current.status?.conditions?.length ? undefined : { ...current, status: { ...current.status, conditions: [ready] } }),
    { fieldManager: serverFieldManager, subresource: 'status' },
  )
}
