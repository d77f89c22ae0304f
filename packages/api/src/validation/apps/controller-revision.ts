import { FieldPath } from '@treeline/machinery'
import type { TypeOf } from '../../declaration/type-of.js'
import type { Validation } from '../../declaration/validations.js'
import { findingsOf } from '../findings.js'
import { checkImmutable } from '../immutable.js'
import { checkNonNegative } from '../numbers.js'

const revision = FieldPath.root('revision')
const data = FieldPath.root('data')

/** A snapshot of a workload: an object that never changes. */
export const controllerRevisionValidation: Validation<TypeOf<'apps.v1.ControllerRevision'>> = {
  validate: (object) =>
    findingsOf((found) => {
      checkNonNegative(found, object.revision, revision)
      const value: unknown = object.data
      if (value === undefined || value === null) found.required(data, 'data is mandatory')
      else if (typeof value !== 'object' || Array.isArray(value)) found.required(data, 'data must be a valid JSON object')
    }),
  validateUpdate: (object, old) =>
    findingsOf((found) => {
      checkNonNegative(found, object.revision, revision)
      checkImmutable(found, object.data, old.data, data)
    }),
}
