import { FieldPath, validateLabels } from '@treeline/machinery'
import type { TypeOf } from '../../declaration/type-of.js'
import type { Validation } from '../../declaration/validations.js'
import { checkResources } from '../core/resources.js'
import { checkTolerations } from '../core/tolerations.js'
import { findingsOf, forEachItem } from '../findings.js'
import { checkImmutable } from '../immutable.js'
import { checkLabel } from '../names.js'

type RuntimeClass = TypeOf<'node.v1.RuntimeClass'>

const handler = FieldPath.root('handler')
const placement = FieldPath.root('scheduling')

export const runtimeClassValidation: Validation<RuntimeClass> = {
  validate: ({ handler: name, overhead, scheduling }) =>
    findingsOf((found) => {
      checkLabel(found, name, handler)
      if (overhead) checkResources(found, { limits: overhead.podFixed ?? {} }, FieldPath.root('overhead'), { claims: new Set() })
      found.add(...validateLabels(scheduling?.nodeSelector, placement.child('nodeSelector')))
      checkTolerations(found, scheduling?.tolerations, placement.child('tolerations'))
      const seen = new Set<string>()
      forEachItem(scheduling?.tolerations, placement.child('tolerations'), (toleration, at) => {
        const { key = '', operator = '', value = '', effect = '', tolerationSeconds = null } = toleration
        const identity = JSON.stringify([key, operator, value, effect])
        if (seen.has(identity)) {
          found.duplicate(at, { Key: key, Operator: operator, Value: value, Effect: effect, TolerationSeconds: tolerationSeconds })
        }
        seen.add(identity)
      })
    }),
  validateUpdate: (runtime, old) => findingsOf((found) => checkImmutable(found, runtime.handler, old.handler, handler)),
}
