import { deprecatedNodeLabels } from '../../../core/v1/warnings/node-label-warnings.js'
import { ageColumn, column, nameColumn } from '../../../declaration/columns.js'
import { defineKind } from '../../../declaration/define-kind.js'
import type { ListOf, TypeOf } from '../../../declaration/type-of.js'
import type { Kind } from '../../../kind.js'

export type RuntimeClass = TypeOf<'node.v1.RuntimeClass'>
export type RuntimeClassList = ListOf<RuntimeClass>

/** A container runtime nodes may have, and what its pods cost. */
export const RuntimeClass: Kind<RuntimeClass> = defineKind('node.v1.RuntimeClass', {
  plural: 'runtimeclasses',
  scope: 'Cluster',
  columns: [nameColumn, column('Handler', 'string', 'What nodes call it.', ({ handler }) => handler), ageColumn],
  strategy: { allowUnconditionalUpdate: false, allowCreateOnUpdate: true, warningsOnCreate: warnings, warningsOnUpdate: warnings },
})

function warnings({ scheduling }: RuntimeClass): string[] {
  return Object.keys(scheduling?.nodeSelector ?? {}).flatMap((key) => {
    const text = deprecatedNodeLabels[key]
    return text ? [`scheduling.nodeSelector: ${text}`] : []
  })
}
