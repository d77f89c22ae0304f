import { amountsOf, type Pod, type ResourceList, RuntimeClass, type Toleration } from '@treeline/api'
import { deepEqual } from '@treeline/machinery'
import type { ApiInternals } from '../registry/internals.js'
import type { AdmissionAttributes, AdmissionPlugin } from './admission.js'
import { isAbout, refused } from './refusal.js'

/** Gives a pod the overhead, the node selector and the tolerations of its RuntimeClass. */
export function runtimeClass(internals: ApiInternals): AdmissionPlugin {
  return {
    name: 'RuntimeClass',
    admit(attributes) {
      if (attributes.operation !== 'CREATE' || !isAbout(attributes, 'pods')) return
      const { spec } = attributes.object as Pod
      const found = classOf(attributes, internals)
      if (!spec || !found) return
      if (found.overhead) setOverhead(attributes, spec, found.overhead.podFixed ?? {})
      setNodeSelector(attributes, spec, found.scheduling?.nodeSelector ?? {})
      const wanted = found.scheduling?.tolerations ?? []
      if (wanted.length > 0) spec.tolerations = mergedTolerations(spec.tolerations ?? [], wanted)
    },
    validate(attributes) {
      if (attributes.operation !== 'CREATE' || !isAbout(attributes, 'pods')) return
      const { spec } = attributes.object as Pod
      const overhead = classOf(attributes, internals)?.overhead
      if (!overhead && spec?.overhead)
        throw refused(attributes, 'pod rejected: Pod Overhead set without corresponding RuntimeClass defined Overhead')
      if (overhead && !sameAmounts(overhead.podFixed, spec?.overhead)) throw refused(attributes, otherOverhead)
    },
  }
}

const otherOverhead = "pod rejected: Pod's Overhead doesn't match RuntimeClass's defined Overhead"

function classOf(attributes: AdmissionAttributes, internals: ApiInternals): RuntimeClass | undefined {
  const name = (attributes.object as Pod).spec?.runtimeClassName
  if (name === undefined) return undefined
  const found = internals.get(RuntimeClass, undefined, name)
  if (!found) throw refused(attributes, `pod rejected: RuntimeClass "${name}" not found`)
  return found
}

function setOverhead(attributes: AdmissionAttributes, spec: NonNullable<Pod['spec']>, overhead: ResourceList): void {
  if (spec.overhead && Object.keys(spec.overhead).length > 0 && !sameAmounts(overhead, spec.overhead))
    throw refused(attributes, otherOverhead)
  spec.overhead = { ...overhead } as NonNullable<Pod['spec']>['overhead']
}

function setNodeSelector(attributes: AdmissionAttributes, spec: NonNullable<Pod['spec']>, wanted: Readonly<Record<string, string>>): void {
  for (const [key, value] of Object.entries(wanted)) {
    const own = spec.nodeSelector?.[key]
    if (own !== undefined && own !== value) {
      throw refused(attributes, `conflict: runtimeClass.scheduling.nodeSelector[${key}] = ${value}; pod.spec.nodeSelector[${key}] = ${own}`)
    }
  }
  if (Object.keys(wanted).length > 0) spec.nodeSelector = { ...spec.nodeSelector, ...wanted }
}

const mergedTolerations = (own: readonly Toleration[], wanted: readonly Toleration[]): Toleration[] => [
  ...own,
  ...wanted.filter((toleration) => !own.some((one) => deepEqual(one, toleration))),
]

const sameAmounts = (left: ResourceList | undefined, right: ResourceList | undefined): boolean => {
  const [a, b] = [amountsOf(left), amountsOf(right)]
  return a.size === b.size && [...a].every(([name, amount]) => b.get(name)?.equals(amount) ?? false)
}
