import { type Cell, type Column, type CustomResourceColumnDefinition, createdAtColumn } from '@treeline/api'
import {
  formatJsonPathValue,
  humanDuration,
  type JsonPath,
  JsonPathError,
  type KubernetesObject,
  parseJsonPath,
  parseTime,
} from '@treeline/machinery'

/** The columns behind the name of an object, by default its age. */
export function customColumns(definitions: readonly CustomResourceColumnDefinition[] | null | undefined): Column<KubernetesObject>[] {
  return printerColumns(definitions?.length ? definitions : [age])
}

const age: CustomResourceColumnDefinition = {
  name: 'Age',
  type: 'date',
  jsonPath: '.metadata.creationTimestamp',
  description: createdAtColumn.description,
}

/** The columns of a definition. One whose path cannot be parsed ends the table, as upstream's does. */
function printerColumns(definitions: readonly CustomResourceColumnDefinition[]): Column<KubernetesObject>[] {
  const columns: Column<KubernetesObject>[] = []
  for (const definition of definitions) {
    const path = tryParse(definition.jsonPath)
    if (!path) break
    const { name, type, format = '', description, priority = 0, jsonPath } = definition
    columns.push({
      name,
      type: type as Column<KubernetesObject>['type'],
      format,
      description: description || `Custom resource definition column (in JSONPath format): ${jsonPath}`,
      priority,
      cell: (object, now) => cellOf(path, type, object, now),
    })
  }
  return columns
}

function tryParse(text: string): JsonPath | undefined {
  try {
    return parseJsonPath(text)
  } catch (error) {
    if (error instanceof JsonPathError) return undefined
    throw error
  }
}

function cellOf(path: JsonPath, type: string, object: KubernetesObject, now: number): Cell {
  const value = firstValue(path, object)
  if (type === 'string') return value === undefined ? null : formatJsonPathValue(value)
  if (value === undefined || value === null) return null
  switch (type) {
    case 'integer':
      return typeof value === 'number' ? Math.trunc(value) : null
    case 'number':
      return typeof value === 'number' ? value : null
    case 'boolean':
      return typeof value === 'boolean' ? value : null
    case 'date':
      return typeof value === 'string' ? ageText(value, now) : null
    default:
      return null
  }
}

function firstValue(path: JsonPath, object: KubernetesObject): unknown {
  try {
    return path.evaluate(object)[0]
  } catch (error) {
    // An index or filter that does not fit this object: the cell is empty.
    if (error instanceof JsonPathError) return undefined
    throw error
  }
}

function ageText(text: string, now: number): string {
  if (text === '' || text === 'null') return '<unknown>'
  const time = parseTime(text)
  return time === undefined ? '<invalid>' : humanDuration(now - time)
}
