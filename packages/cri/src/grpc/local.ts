import { create, type DescMethod, type DescService, type MessageInitShape } from '@bufbuild/protobuf'
import type { CallContext, CallOptions, ServiceCalls, ServiceImplementation } from './calls.js'
import { asCriError, CriError, criCodes } from './error.js'

type Unary = (request: object, context: CallContext) => Promise<object>
type Streaming = (request: object, context: CallContext) => AsyncIterable<object>

const defaultTimeout = 120_000

/**
 * The calls of an implementation in this very thread, with what a channel would make of them: whole messages in both
 * directions, UNIMPLEMENTED for what is absent, deadlines, and every failure a CriError or the reason of the caller's
 * signal. Messages are handed over, not copied: neither side changes one after it gave it away.
 */
export function localCalls<S extends DescService>(
  service: S,
  implementation: ServiceImplementation<S>,
  closed: AbortSignal,
): ServiceCalls<S> {
  const calls: Record<string, unknown> = {}
  const methods = implementation as Readonly<Record<string, unknown>>
  for (const method of service.methods) {
    const own = methods[method.localName]
    const answer = typeof own === 'function' ? own.bind(implementation) : undefined
    calls[method.localName] =
      method.methodKind === 'server_streaming'
        ? (request: object, options: CallOptions = {}) => openStream(method, answer, request, options, closed)
        : (request: object, options: CallOptions = {}) => callOnce(method, answer, request, options, closed)
  }
  return calls as ServiceCalls<S>
}

function callOnce(
  method: DescMethod,
  answer: Unary | undefined,
  request: object,
  options: CallOptions,
  closed: AbortSignal,
): Promise<object> {
  const { signal, timeout = defaultTimeout } = options
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason)
    if (closed.aborted) return reject(unavailable())
    if (answer === undefined) return reject(unimplemented(method))
    const context = new LocalContext()
    const release = () => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', cancel)
      closed.removeEventListener('abort', close)
    }
    const breakOff = (reason: unknown) => {
      release()
      reject(reason)
      context.abort()
    }
    const cancel = () => breakOff(signal?.reason)
    const close = () => breakOff(unavailable())
    const timer = Number.isFinite(timeout)
      ? setTimeout(() => breakOff(new CriError(criCodes.DEADLINE_EXCEEDED, `Deadline exceeded after ${timeout} ms`)), timeout)
      : undefined
    signal?.addEventListener('abort', cancel, { once: true })
    closed.addEventListener('abort', close, { once: true })
    answer(message(method.input, request), context)
      .then((response) => resolve(message(method.output, response)))
      .catch((error: unknown) => reject(asCriError(error)))
      .finally(release)
  })
}

async function* openStream(
  method: DescMethod,
  answer: Streaming | undefined,
  request: object,
  { signal, timeout = Number.POSITIVE_INFINITY }: CallOptions,
  closed: AbortSignal,
): AsyncGenerator<object> {
  signal?.throwIfAborted()
  if (closed.aborted) throw unavailable()
  if (answer === undefined) throw unimplemented(method)
  const context = new LocalContext()
  let late = false
  const stop = () => context.abort()
  const timer = Number.isFinite(timeout)
    ? setTimeout(() => {
        late = true
        stop()
      }, timeout)
    : undefined
  signal?.addEventListener('abort', stop, { once: true })
  closed.addEventListener('abort', stop, { once: true })
  try {
    for await (const event of answer(message(method.input, request), context)) {
      if (context.aborted) break
      yield message(method.output, event)
    }
    signal?.throwIfAborted()
    if (closed.aborted) throw unavailable()
    if (late) throw new CriError(criCodes.DEADLINE_EXCEEDED, `Deadline exceeded after ${timeout} ms`)
  } catch (error) {
    throw signal?.aborted ? signal.reason : asCriError(error)
  } finally {
    clearTimeout(timer)
    signal?.removeEventListener('abort', stop)
    closed.removeEventListener('abort', stop)
    stop()
  }
}

/** Makes a signal only for the few methods that look at it. */
class LocalContext implements CallContext {
  aborted = false
  #controller: AbortController | undefined

  get signal(): AbortSignal {
    this.#controller ??= new AbortController()
    if (this.aborted) this.#controller.abort()
    return this.#controller.signal
  }

  abort(): void {
    this.aborted = true
    this.#controller?.abort()
  }
}

function message(shape: DescMethod['input'], init: object): object {
  return create(shape, init as MessageInitShape<typeof shape>)
}

function unavailable(): CriError {
  return new CriError(criCodes.UNAVAILABLE, 'the runtime is closed')
}

function unimplemented({ name }: DescMethod): CriError {
  return new CriError(criCodes.UNIMPLEMENTED, `The server does not implement the method ${name}`)
}
