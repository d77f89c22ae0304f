import { LimitRange, type PersistentVolumeClaim, type Pod } from '@treeline/api'
import { aggregateMessages } from '@treeline/machinery'
import type { ApiInternals } from '../../registry/internals.js'
import type { AdmissionAttributes, AdmissionPlugin } from '../admission.js'
import { isAbout, refused } from '../refusal.js'
import { claimProblems, podProblems } from './constraints.js'
import { applyDefaults } from './defaults.js'

/** Containers, pods and claims keep within the limit ranges of their namespace, and get their defaults. */
export function limitRanger(internals: ApiInternals): AdmissionPlugin {
  return {
    name: 'LimitRanger',
    admit(attributes) {
      if (!isLimited(attributes) || attributes.kind.plural !== 'pods') return
      for (const range of internals.list(LimitRange, attributes.namespace)) applyDefaults(attributes.object as Pod, range)
    },
    validate(attributes) {
      if (!isLimited(attributes)) return
      for (const range of internals.list(LimitRange, attributes.namespace)) {
        const limits = range.spec?.limits ?? []
        const problems =
          attributes.kind.plural === 'pods'
            ? podProblems(limits, attributes.object as Pod)
            : claimProblems(limits, attributes.object as PersistentVolumeClaim)
        if (problems.length > 0) throw refused(attributes, aggregateMessages(problems))
      }
    },
  }
}

/** Resources of a pod change through `resize` alone once it is there. */
const isLimited = (attributes: AdmissionAttributes): boolean => {
  const { operation, object, oldObject } = attributes
  if (!object || oldObject?.metadata.deletionTimestamp) return false
  if (operation === 'UPDATE') return isAbout(attributes, 'pods', 'resize') || isAbout(attributes, 'persistentvolumeclaims')
  return operation === 'CREATE' && (isAbout(attributes, 'pods') || isAbout(attributes, 'persistentvolumeclaims'))
}
