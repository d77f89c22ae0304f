import { setMaxListeners } from 'node:events'

/** A controller whose signal many may listen to at the same time without Node taking that for a leak. */
export function sharedAbort(): AbortController {
  const abort = new AbortController()
  setMaxListeners(0, abort.signal)
  return abort
}
