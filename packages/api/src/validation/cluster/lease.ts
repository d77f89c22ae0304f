import { FieldPath } from '@treeline/machinery'
import type { TypeOf } from '../../declaration/type-of.js'
import type { Validation } from '../../declaration/validations.js'
import { findingsOf } from '../findings.js'
import { checkQualifiedName } from '../names.js'

type Lease = TypeOf<'coordination.v1.Lease'>

const path = FieldPath.root('spec')
const strategies = ['OldestEmulationVersion']

const check = ({ spec = {} }: Lease) =>
  findingsOf((found) => {
    const { leaseDurationSeconds: duration, leaseTransitions: transitions, strategy, preferredHolder } = spec
    if (duration !== undefined && duration <= 0) found.invalid(path.child('leaseDurationSeconds'), duration, 'must be greater than 0')
    if (transitions !== undefined && transitions < 0) {
      found.invalid(path.child('leaseTransitions'), transitions, 'must be greater than or equal to 0')
    }
    if (strategy !== undefined) {
      const at = path.child('strategy', 'strategy')
      if (strategy.includes('/')) checkQualifiedName(found, strategy, at)
      else if (!strategies.includes(strategy)) found.notSupported(at, strategy, strategies)
    }
    if (preferredHolder && !strategy) found.forbidden(path.child('preferredHolder'), 'may only be specified if `strategy` is defined')
  })

/** Who holds what until when. */
export const leaseValidation: Validation<Lease> = { validate: check, validateUpdate: check }
