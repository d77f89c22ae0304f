import { type FieldError, fieldErrors, goValue, isObject } from '@treeline/machinery'

/** Where a custom kind keeps what its Scale shows. */
export interface ScalePaths {
  readonly specReplicasPath: string
  readonly statusReplicasPath: string
  readonly labelSelectorPath?: string
}

const largest = 2_147_483_647

/** Replicas that no Scale could show. */
export function scaleSpecErrors(object: object, { specReplicasPath }: ScalePaths): FieldError[] {
  return replicaErrors(object, specReplicasPath)
}

/** Replicas or a selector in status that no Scale could show. */
export function scaleStatusErrors(object: object, { statusReplicasPath, labelSelectorPath }: ScalePaths): FieldError[] {
  const errors = replicaErrors(object, statusReplicasPath)
  if (!labelSelectorPath) return errors
  const found = valueAt(object, labelSelectorPath)
  if ('problem' in found) errors.push(fieldErrors.invalid(labelSelectorPath, '', found.problem))
  else if (found.value !== undefined && typeof found.value !== 'string') {
    errors.push(fieldErrors.invalid(labelSelectorPath, '', accessorProblem(labelSelectorPath, found.value, 'string')))
  }
  return errors
}

function replicaErrors(object: object, path: string): FieldError[] {
  const found = valueAt(object, path)
  if ('problem' in found) return [fieldErrors.invalid(path, 0, found.problem)]
  const { value } = found
  if (value === undefined) return []
  if (typeof value !== 'number' || !Number.isInteger(value)) return [fieldErrors.invalid(path, 0, accessorProblem(path, value, 'int64'))]
  if (value < 0) return [fieldErrors.invalid(path, value, 'should be a non-negative integer')]
  return value > largest ? [fieldErrors.invalid(path, value, `should be less than or equal to ${largest}`)] : []
}

function valueAt(object: object, path: string): { value: unknown } | { problem: string } {
  let value: unknown = object
  for (const step of path.split('.').slice(1)) {
    if (!isObject(value)) return { problem: accessorProblem(path, value, 'map[string]interface {}') }
    if (!Object.hasOwn(value, step)) return { value: undefined }
    value = value[step]
  }
  return { value }
}

function accessorProblem(path: string, value: unknown, expected: string): string {
  return `${path} accessor error: ${goValue(value)} is of the type ${goType(value)}, expected ${expected}`
}

function goType(value: unknown): string {
  if (value === null || value === undefined) return '<nil>'
  if (Array.isArray(value)) return '[]interface {}'
  if (typeof value === 'number') return Number.isInteger(value) ? 'int64' : 'float64'
  if (typeof value === 'boolean') return 'bool'
  return typeof value === 'string' ? 'string' : 'map[string]interface {}'
}
