import { FieldPath, validatePathSegmentName } from '@treeline/machinery'
import type { TypeOf } from '../../declaration/type-of.js'
import type { Validation } from '../../declaration/validations.js'
import { checkCidr, parseCidr } from '../addresses.js'
import { type Findings, findingsOf, forEachItem } from '../findings.js'
import { checkImmutable, immutableMessage } from '../immutable.js'
import { checkSubdomain } from '../names.js'

type ServiceCIDR = TypeOf<'networking.v1.ServiceCIDR'>
type IPAddress = TypeOf<'networking.v1.IPAddress'>

const reference = FieldPath.root('spec', 'parentRef')

export const ipAddressValidation: Validation<IPAddress> = {
  validate: ({ spec }) =>
    findingsOf((found) => {
      const parent = spec?.parentRef
      if (!parent) {
        found.required(reference)
        return
      }
      if (parent.group) checkSubdomain(found, parent.group, reference.child('group'))
      for (const name of ['resource', 'name'] as const) {
        const value = parent[name]
        if (!value) found.required(reference.child(name))
        else found.each(reference.child(name), value, validatePathSegmentName(value))
      }
      if (parent.namespace) found.each(reference.child('namespace'), parent.namespace, validatePathSegmentName(parent.namespace))
    }),
  validateUpdate: ({ spec }, old) => findingsOf((found) => checkImmutable(found, spec?.parentRef, old.spec?.parentRef, reference)),
}

const path = FieldPath.root('spec', 'cidrs')

export const serviceCidrValidation: Validation<ServiceCIDR> = {
  validate: ({ spec }) => findingsOf((found) => checkCidrs(found, spec?.cidrs ?? [])),
  validateUpdate: ({ spec }, old) =>
    findingsOf((found) => {
      const now = spec?.cidrs ?? []
      const before = old.spec?.cidrs ?? []
      const grows = before.length === 1 && now.length === 2
      if (!grows && now.length !== before.length) found.invalid(path, now, immutableMessage)
      else {
        before.forEach((cidr, index) => {
          if (cidr !== now[index]) found.invalid(path.index(index), now[index], immutableMessage)
        })
        if (grows) checkCidrs(found, now)
      }
    }),
}

/** One range, or one of each family. */
function checkCidrs(found: Findings, cidrs: readonly string[]): void {
  if (cidrs.length === 0) {
    found.required(path, 'at least one CIDR required')
    return
  }
  if (cidrs.length > 2) {
    found.invalid(path, { CIDRs: cidrs }, 'may only hold up to 2 values')
    return
  }
  forEachItem(cidrs, path, (cidr, at) => checkCidr(found, cidr, at))
  const [first, second] = cidrs.map((cidr) => parseCidr(cidr)?.ip.family)
  if (cidrs.length === 2 && first === second && first !== undefined) {
    found.invalid(path, cidrs, 'may specify no more than one IP for each IP family, i.e 192.168.0.0/24 and 2001:db8::/64')
  }
}
