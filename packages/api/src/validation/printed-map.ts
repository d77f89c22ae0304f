import type { TypeOf } from '../declaration/type-of.js'

type Strings = Readonly<Record<string, string>>

/** A map as upstream prints it as a bad value: by its keys, whatever order the client sent them in. */
export function printedMap(map: Strings | undefined): Strings | null {
  if (!map) return null
  return Object.fromEntries(Object.entries(map).sort(([one], [other]) => Buffer.compare(Buffer.from(one), Buffer.from(other))))
}

/** A label selector as upstream prints it as a bad value. */
export function printedSelector(selector: TypeOf<'meta.v1.LabelSelector'> | undefined): object | null {
  if (!selector) return null
  return { ...selector, ...(selector.matchLabels && { matchLabels: printedMap(selector.matchLabels) }) }
}
