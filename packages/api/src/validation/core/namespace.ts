import { FieldPath, validateQualifiedName } from '@treeline/machinery'
import type { TypeOf } from '../../declaration/type-of.js'
import type { Validation } from '../../declaration/validations.js'
import { type Findings, findingsOf, forEachItem } from '../findings.js'

type Namespace = TypeOf<'core.v1.Namespace'>

const finalizers = FieldPath.root('spec', 'finalizers')
const standard = ['kubernetes', 'orphan', 'foregroundDeletion']

export const namespaceValidation: Validation<Namespace> = {
  validate: ({ spec }) =>
    findingsOf((found) => {
      for (const name of spec?.finalizers ?? []) checkFinalizer(found, name, finalizers)
    }),
  validateStatusUpdate: ({ metadata, status }) =>
    findingsOf((found) => {
      const expected = metadata.deletionTimestamp ? 'Terminating' : 'Active'
      const phase = status?.phase ?? ''
      if (phase === expected) return
      const is = metadata.deletionTimestamp ? 'is not empty' : 'is empty'
      found.invalid('status.Phase', phase, `may only be '${expected}' if \`deletionTimestamp\` ${is}`)
    }),
  subresources: {
    finalize: ({ spec }) => findingsOf((found) => forEachItem(spec?.finalizers, finalizers, (name, at) => checkFinalizer(found, name, at))),
  },
}

function checkFinalizer(found: Findings, name: string, at: FieldPath): void {
  found.each(at, name, validateQualifiedName(name))
  if (!name.includes('/') && !standard.includes(name)) {
    found.invalid(at, name, 'name is neither a standard finalizer name nor is it fully qualified')
  }
}
