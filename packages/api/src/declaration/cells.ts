import { humanDuration, labelSelectorFrom } from '@treeline/machinery'
import type { TypeOf } from './type-of.js'

/** `5m10s` since a timestamp, `<unknown>` when there is none. */
export function age(timestamp: string | null | undefined, now: number): string {
  return timestamp ? humanDuration(now - Date.parse(timestamp)) : '<unknown>'
}

export function orNone(text: string | undefined): string {
  return text || '<none>'
}

export function orUnset(text: string | undefined): string {
  return text ?? '<unset>'
}

/** `a=1,b=2`, or `<none>`. */
export function labelsCell(labels: Readonly<Record<string, string>> | undefined): string {
  return orNone(
    Object.entries(labels ?? {})
      .map(([key, value]) => `${key}=${value}`)
      .sort()
      .join(','),
  )
}

/** A label selector as text, `<none>` when it selects nothing or everything. */
export function selectorCell(selector: TypeOf<'meta.v1.LabelSelector'> | undefined): string {
  return selector ? orNone(labelSelectorFrom(selector).toString()) : '<none>'
}

/** The first `limit` entries, and how many there are beyond. */
export function firstFew(entries: readonly string[], limit: number): string {
  const shown = entries.slice(0, limit).join(',')
  return entries.length > limit ? `${shown} + ${entries.length - limit} more...` : shown
}
