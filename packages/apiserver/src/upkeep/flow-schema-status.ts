import { FlowSchema, type Kind, PriorityLevelConfiguration } from '@treeline/api'
import { tellDangling } from '../bootstrap/flow-control.js'
import { follow } from '../registry/follow.js'
import type { ApiInternals } from '../registry/internals.js'

/** Keeps telling in the status of every flow schema whether its priority level exists. Returns the stop function. */
export function followFlowSchemas(internals: ApiInternals, now: () => number): () => void {
  let [asked, telling] = [false, false]
  const tell = async (): Promise<void> => {
    telling = true
    while (asked) {
      asked = false
      for (const { metadata } of internals.list(FlowSchema)) {
        // One that is gone or changes needs no word now: the change asks again.
        await tellDangling(internals, metadata.name ?? '', now).catch(() => undefined)
      }
    }
    telling = false
  }
  const ask = (): void => {
    asked = true
    if (!telling) void tell()
  }
  const stops = [FlowSchema, PriorityLevelConfiguration].map((kind) => follow(internals, kind as Kind, { event: ask, reset: ask }))
  return () => {
    for (const stop of stops) stop()
  }
}
