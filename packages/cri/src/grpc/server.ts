import type { DescService } from '@bufbuild/protobuf'
import type { handleServerStreamingCall, handleUnaryCall, UntypedServiceImplementation } from '@grpc/grpc-js'
import type { CallContext, ServiceImplementation } from './calls.js'
import { asCriError } from './error.js'

type Unary = (request: object, context: CallContext) => Promise<object>
type Streaming = (request: object, context: CallContext) => AsyncIterable<object>

/** The gRPC library's handlers for an implementation. Methods left out stay unknown to it, so it answers UNIMPLEMENTED. */
export function serviceHandlers<S extends DescService>(service: S, implementation: ServiceImplementation<S>): UntypedServiceImplementation {
  const handlers: UntypedServiceImplementation = {}
  const methods = implementation as Readonly<Record<string, unknown>>
  for (const method of service.methods) {
    const own = methods[method.localName]
    if (typeof own !== 'function') continue
    handlers[method.localName] =
      method.methodKind === 'server_streaming' ? streamingHandler(own.bind(implementation)) : unaryHandler(own.bind(implementation))
  }
  return handlers
}

function unaryHandler(answer: Unary): handleUnaryCall<object, object> {
  return (call, callback) => {
    answer(call.request, lazyContext(call)).then(
      (response) => callback(null, response),
      (error: unknown) => callback(wireError(error)),
    )
  }
}

function streamingHandler(answer: Streaming): handleServerStreamingCall<object, object> {
  return (call) => {
    const signal = cancellation(call)
    const send = async () => {
      for await (const message of answer(call.request, { signal })) {
        if (signal.aborted) return
        if (!call.write(message)) await drained(call, signal)
      }
      call.end()
    }
    send().catch((error: unknown) => {
      if (!signal.aborted) call.emit('error', wireError(error))
    })
  }
}

/** Most methods never look at their signal, and making one costs more than their work. */
function lazyContext(call: NodeJS.EventEmitter & { readonly cancelled: boolean }): CallContext {
  let signal: AbortSignal | undefined
  return {
    get signal() {
      signal ??= call.cancelled ? AbortSignal.abort() : cancellation(call)
      return signal
    },
  }
}

function cancellation(call: NodeJS.EventEmitter): AbortSignal {
  const controller = new AbortController()
  call.on('cancelled', () => controller.abort())
  return controller.signal
}

function drained(stream: NodeJS.EventEmitter, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      stream.removeListener('drain', done)
      signal.removeEventListener('abort', done)
      resolve()
    }
    stream.once('drain', done)
    signal.addEventListener('abort', done, { once: true })
  })
}

function wireError(error: unknown): { code: number; details: string; message: string; name: string } {
  const { code, message } = asCriError(error)
  return { code, details: message, message, name: 'CriError' }
}
