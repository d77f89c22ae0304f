import type { KubernetesObject } from '@treeline/machinery'
import { humanDuration } from '@treeline/machinery'
import type { Column } from '../kind.js'

export const nameColumn: Column<KubernetesObject> = {
  name: 'Name',
  type: 'string',
  format: 'name',
  description: 'Unique within the namespace, or within the cluster for kinds without one.',
  priority: 0,
  cell: (object) => object.metadata.name ?? '',
}

/** The age, as most kinds show it. */
export const ageColumn: Column<KubernetesObject> = {
  name: 'Age',
  type: 'string',
  format: '',
  description: 'Time since the server created the object.',
  priority: 0,
  cell: (object, now) => age(object.metadata.creationTimestamp, now),
}

/** What kinds without columns of their own show. */
export const createdAtColumn: Column<KubernetesObject> = {
  name: 'Created At',
  type: 'date',
  format: '',
  description: 'When the server created the object.',
  priority: 0,
  cell: (object) => object.metadata.creationTimestamp ?? null,
}

/** `5m10s` since a timestamp, `<unknown>` when there is none. */
export function age(timestamp: string | null | undefined, now: number): string {
  return timestamp ? humanDuration(now - Date.parse(timestamp)) : '<unknown>'
}
