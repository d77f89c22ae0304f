import { ageColumn, column, nameColumn } from '../../../declaration/columns.js'
import { defineKind } from '../../../declaration/define-kind.js'
import type { ListOf, TypeOf } from '../../../declaration/type-of.js'
import type { Kind } from '../../../kind.js'

export type IngressClass = TypeOf<'networking.v1.IngressClass'>
export type IngressClassList = ListOf<IngressClass>

/** A way of serving Ingresses, and the controller that does. */
export const IngressClass: Kind<IngressClass> = defineKind('networking.v1.IngressClass', {
  plural: 'ingressclasses',
  scope: 'Cluster',
  columns: [
    nameColumn,
    column('Controller', 'string', 'Who serves Ingresses of the class.', ({ spec }) => spec?.controller ?? ''),
    column('Parameters', 'string', 'Where more configuration is found.', parametersCell),
    ageColumn,
  ],
  strategy: { generation: 'spec' },
})

function parametersCell({ spec }: IngressClass): string {
  const parameters = spec?.parameters
  if (!parameters) return '<none>'
  const kind = parameters.apiGroup === undefined ? parameters.kind : `${parameters.kind}.${parameters.apiGroup}`
  return `${kind}/${parameters.name}`
}
