import type { Getter, SelectableField } from '@treeline/api'
import { isObject, type KubernetesObject } from '@treeline/machinery'

/** Reads the selectable fields of a definition, by the names that field selectors use. A missing value reads as empty. */
export function selectableFields(fields: readonly SelectableField[]): Readonly<Record<string, Getter<KubernetesObject>>> {
  return Object.fromEntries(
    fields.map(({ jsonPath }) => {
      const steps = jsonPath.split('.').slice(1)
      return [steps.join('.'), (object: KubernetesObject) => textAt(object, steps)]
    }),
  )
}

function textAt(object: object, steps: readonly string[]): string {
  let value: unknown = object
  for (const step of steps) value = isObject(value) && Object.hasOwn(value, step) ? value[step] : undefined
  return value === undefined || value === null ? '' : String(value)
}
