import { deprecatedNodeLabels } from '../../../core/v1/warnings/node-label-warnings.js'
import { defineKind } from '../../../declaration/define-kind.js'
import type { ListOf, TypeOf } from '../../../declaration/type-of.js'
import type { Kind } from '../../../kind.js'

export type CSIStorageCapacity = TypeOf<'storage.v1.CSIStorageCapacity'>
export type CSIStorageCapacityList = ListOf<CSIStorageCapacity>

/** How much room a driver has for a class in a part of the cluster. */
export const CSIStorageCapacity: Kind<CSIStorageCapacity> = defineKind('storage.v1.CSIStorageCapacity', {
  plural: 'csistoragecapacities',
  strategy: { allowUnconditionalUpdate: false, warningsOnCreate: warnings, warningsOnUpdate: warnings },
})

function warnings({ nodeTopology }: CSIStorageCapacity): string[] {
  const expressions = (nodeTopology?.matchExpressions ?? []).flatMap(({ key }, index) => {
    const text = deprecatedNodeLabels[key]
    return text ? [`nodeTopology.matchExpressions[${index}].key: ${key} is ${text}`] : []
  })
  const labels = Object.keys(nodeTopology?.matchLabels ?? {}).flatMap((key) => {
    const text = deprecatedNodeLabels[key]
    return text ? [`nodeTopology.matchLabels.${key}: ${text}`] : []
  })
  return [...expressions, ...labels]
}
