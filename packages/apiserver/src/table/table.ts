import type { Kind } from '@treeline/api'
import { errors, type KubernetesObject } from '@treeline/machinery'
import type { Exchange } from '../http/exchange.js'

/** How much of each object a Table carries along. */
export type IncludeObject = 'None' | 'Metadata' | 'Object'

export interface TableRequest {
  /** Version of meta.k8s.io. */
  readonly version: string
  readonly include: IncludeObject
  /** Time of the answer, for ages. */
  readonly now: number
  readonly metadata: object
  /** Later events of a watch leave the columns out. */
  readonly withoutColumns?: boolean
}

/** Reads `includeObject`. Throws StatusError 400. */
export function readIncludeObject(exchange: Exchange): IncludeObject {
  const value = exchange.info.query === '' ? '' : (exchange.query.get('includeObject') ?? '')
  if (value === '') return 'Metadata'
  if (value === 'None' || value === 'Metadata' || value === 'Object') return value
  throw errors.badRequest(`unrecognized includeObject value: "${value}"`)
}

/** meta.k8s.io Table of objects, by the columns of their kind. */
export function tableOf<T extends KubernetesObject>(kind: Kind<T>, objects: readonly T[], request: TableRequest): object {
  return {
    kind: 'Table',
    apiVersion: `meta.k8s.io/${request.version}`,
    metadata: request.metadata,
    columnDefinitions: request.withoutColumns ? null : columnDefinitions(kind),
    rows: objects.map((object) => rowOf(kind, object, request)),
  }
}

function columnDefinitions<T extends KubernetesObject>(kind: Kind<T>): object[] {
  return kind.columns.map(({ name, type, format = '', description, priority }) => ({ name, type, format, description, priority }))
}

function rowOf<T extends KubernetesObject>(kind: Kind<T>, object: T, request: TableRequest): object {
  const conditions = kind.rowConditions?.(object) ?? []
  return {
    cells: kind.columns.map((column) => column.cell(object, request.now)),
    ...(conditions.length > 0 && { conditions }),
    object: rowObject(object, request),
  }
}

function rowObject(object: KubernetesObject, { include, version }: TableRequest): object | null {
  switch (include) {
    case 'None':
      return null
    case 'Object':
      return object
    case 'Metadata':
      return { kind: 'PartialObjectMetadata', apiVersion: `meta.k8s.io/${version}`, metadata: object.metadata }
  }
}
