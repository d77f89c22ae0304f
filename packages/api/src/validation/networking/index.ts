import type { ValidationsTable } from '../../declaration/validations.js'
import { endpointSliceValidation } from './endpoint-slice.js'
import { ingressClassValidation, ingressValidation } from './ingress.js'
import { networkPolicyValidation } from './network-policy.js'
import { ipAddressValidation, serviceCidrValidation } from './service-addresses.js'

export const networkingValidations: ValidationsTable = {
  'discovery.v1.EndpointSlice': endpointSliceValidation,
  'networking.v1.IPAddress': ipAddressValidation,
  'networking.v1.Ingress': ingressValidation,
  'networking.v1.IngressClass': ingressClassValidation,
  'networking.v1.NetworkPolicy': networkPolicyValidation,
  'networking.v1.ServiceCIDR': serviceCidrValidation,
}
