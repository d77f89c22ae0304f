import type { KubernetesObject } from '@treeline/machinery'
import { ageColumn, column, nameColumn, wideColumn } from '../../declaration/columns.js'
import type { TypeOf } from '../../declaration/type-of.js'
import type { Column } from '../../kind.js'

type Subject = TypeOf<'rbac.v1.Subject'>

interface Binding extends KubernetesObject {
  roleRef: TypeOf<'rbac.v1.RoleRef'>
  subjects?: Subject[]
}

/** Of bindings in a namespace and in the cluster alike. */
export const bindingColumns: readonly Column<Binding>[] = [
  nameColumn,
  column('Role', 'string', 'The role it gives.', ({ roleRef }) => `${roleRef.kind}/${roleRef.name}`),
  ageColumn,
  wideColumn('Users', 'string', 'Users who have it.', ({ subjects }) => names(subjects, 'User')),
  wideColumn('Groups', 'string', 'Groups whose members have it.', ({ subjects }) => names(subjects, 'Group')),
  wideColumn('ServiceAccounts', 'string', 'Service accounts that have it.', ({ subjects }) => names(subjects, 'ServiceAccount')),
]

function names(subjects: readonly Subject[] | undefined, kind: string): string {
  return (subjects ?? [])
    .filter((subject) => subject.kind === kind)
    .map(({ name, namespace }) => (kind === 'ServiceAccount' ? `${namespace ?? ''}/${name}` : name))
    .join(', ')
}
