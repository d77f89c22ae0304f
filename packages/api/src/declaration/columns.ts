import type { KubernetesObject } from '@treeline/machinery'
import type { Column } from '../kind.js'
import { age } from './cells.js'

/** A column that is always shown. */
export function column<T>(name: string, type: Column<T>['type'], description: string, cell: Column<T>['cell']): Column<T> {
  return { name, type, format: '', description, priority: 0, cell }
}

/** A column shown only with `-o wide`. */
export function wideColumn<T>(name: string, type: Column<T>['type'], description: string, cell: Column<T>['cell']): Column<T> {
  return { ...column(name, type, description, cell), priority: 1 }
}

export const nameColumn: Column<KubernetesObject> = {
  ...column(
    'Name',
    'string',
    'Unique within the namespace, or within the cluster for kinds without one.',
    (object) => object.metadata.name ?? '',
  ),
  format: 'name',
}

/** The age, as most kinds show it. */
export const ageColumn: Column<KubernetesObject> = column('Age', 'string', 'Time since the server created the object.', (object, now) =>
  age(object.metadata.creationTimestamp, now),
)

/** What kinds without columns of their own show beside the name. */
export const createdAtColumn: Column<KubernetesObject> = column(
  'Created At',
  'date',
  'When the server created the object.',
  (object) => object.metadata.creationTimestamp ?? null,
)
