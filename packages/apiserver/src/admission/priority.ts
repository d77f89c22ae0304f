import { type Pod, PriorityClass } from '@treeline/api'
import type { ApiInternals } from '../registry/internals.js'
import type { AdmissionAttributes, AdmissionPlugin } from './admission.js'
import { isAbout, refused } from './refusal.js'

/** Gives every pod the priority of its class, and keeps the default class the only one. */
export function priority(internals: ApiInternals): AdmissionPlugin {
  return {
    name: 'Priority',
    admit(attributes) {
      if (!isAbout(attributes, 'pods') || !attributes.object) return
      if (attributes.operation === 'CREATE') setPriority(attributes, internals)
      if (attributes.operation === 'UPDATE') keepPriority(attributes.object as Pod, attributes.oldObject as Pod)
    },
    validate(attributes) {
      const { operation, object } = attributes
      if (!isAbout(attributes, 'priorityclasses.scheduling.k8s.io') || (operation !== 'CREATE' && operation !== 'UPDATE')) return
      if (!(object as PriorityClass).globalDefault) return
      const current = defaultClass(internals)
      if (current && (operation === 'CREATE' || current.metadata.name !== object?.metadata.name)) {
        throw refused(attributes, `PriorityClass ${current.metadata.name} is already marked as default. Only one default can exist`)
      }
    },
  }
}

function setPriority(attributes: AdmissionAttributes, internals: ApiInternals): void {
  const { spec } = attributes.object as Pod
  if (!spec) return
  const named = spec.priorityClassName
  const found = named ? internals.get(PriorityClass, undefined, named) : defaultClass(internals)
  if (named && !found) throw refused(attributes, `no PriorityClass with name ${named} was found`)
  const value = found?.value ?? 0
  const policy = found ? found.preemptionPolicy : 'PreemptLowerPriority'
  if (spec.priority !== undefined && spec.priority !== value) {
    throw refused(
      attributes,
      `the integer value of priority (${spec.priority}) must not be provided in pod spec; priority admission controller computed ${value} from the given PriorityClass name`,
    )
  }
  if (policy !== undefined && spec.preemptionPolicy !== undefined && spec.preemptionPolicy !== policy) {
    throw refused(
      attributes,
      `the string value of PreemptionPolicy (${spec.preemptionPolicy}) must not be provided in pod spec; priority admission controller computed ${policy} from the given PriorityClass name`,
    )
  }
  if (found?.metadata.name) spec.priorityClassName = found.metadata.name
  spec.priority = value
  if (policy !== undefined) spec.preemptionPolicy = policy
}

/** What was set at creation stays when an update leaves it out. */
function keepPriority(pod: Pod, old: Pod): void {
  if (!pod.spec) return
  pod.spec.priority ??= old.spec?.priority
  pod.spec.preemptionPolicy ??= old.spec?.preemptionPolicy
}

/** Of several, which a race can leave, the one of lowest value. */
const defaultClass = (internals: ApiInternals): PriorityClass | undefined =>
  internals
    .list(PriorityClass)
    .filter(({ globalDefault }) => globalDefault)
    .reduce<PriorityClass | undefined>((lowest, each) => (lowest && lowest.value <= each.value ? lowest : each), undefined)
