import { parseGroupVersion } from '@treeline/machinery'
import { ageColumn, column, nameColumn } from '../../../declaration/columns.js'
import { defineKind } from '../../../declaration/define-kind.js'
import type { ListOf, TypeOf } from '../../../declaration/type-of.js'
import type { Kind } from '../../../kind.js'

export type ControllerRevision = TypeOf<'apps.v1.ControllerRevision'>
export type ControllerRevisionList = ListOf<ControllerRevision>

/** A former template of a StatefulSet or DaemonSet, to go back to. */
export const ControllerRevision: Kind<ControllerRevision> = defineKind('apps.v1.ControllerRevision', {
  plural: 'controllerrevisions',
  columns: [
    nameColumn,
    column('Controller', 'string', 'Whose template it was.', controllerCell),
    column('Revision', 'string', 'Its place in the order.', ({ revision }) => revision ?? 0),
    ageColumn,
  ],
})

function controllerCell({ metadata }: ControllerRevision): string {
  const owner = metadata.ownerReferences?.find(({ controller }) => controller)
  if (!owner) return '<none>'
  const { group } = parseGroupVersion(owner.apiVersion)
  const kind = owner.kind.toLowerCase()
  return `${group ? `${kind}.${group}` : kind}/${owner.name}`
}
