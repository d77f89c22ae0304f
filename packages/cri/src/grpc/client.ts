import type { DescService } from '@bufbuild/protobuf'
import { type Client, type ClientReadableStream, type CallOptions as GrpcCallOptions, Metadata, type MethodDefinition } from '@grpc/grpc-js'
import type { CallOptions, ServiceCalls } from './calls.js'
import { serviceDefinition } from './definition.js'
import { asCriError } from './error.js'

const defaultTimeout = 120_000

/** The calls of a service over an open channel. Every failure is a CriError, or the reason of the caller's signal. */
export function serviceCalls<S extends DescService>(service: S, channel: Client): ServiceCalls<S> {
  const calls: Record<string, unknown> = {}
  for (const [name, method] of Object.entries(serviceDefinition(service))) {
    calls[name] = method.responseStream
      ? (request: object, options: CallOptions = {}) => openStream(channel, method, request, options)
      : (request: object, options: CallOptions = {}) => callOnce(channel, method, request, options)
  }
  return calls as ServiceCalls<S>
}

function callOnce(channel: Client, method: MethodDefinition<object, object>, request: object, options: CallOptions): Promise<object> {
  const { signal, timeout = defaultTimeout } = options
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason)
    const call = channel.makeUnaryRequest(
      method.path,
      method.requestSerialize,
      method.responseDeserialize,
      request,
      new Metadata(),
      deadline(timeout),
      (error, response) => {
        signal?.removeEventListener('abort', cancel)
        if (response !== undefined && !error) resolve(response)
        else reject(signal?.aborted ? signal.reason : asCriError(error))
      },
    )
    const cancel = () => call.cancel()
    signal?.addEventListener('abort', cancel, { once: true })
  })
}

async function* openStream(
  channel: Client,
  method: MethodDefinition<object, object>,
  request: object,
  options: CallOptions,
): AsyncGenerator<object> {
  const { signal, timeout = Number.POSITIVE_INFINITY } = options
  signal?.throwIfAborted()
  const stream: ClientReadableStream<object> = channel.makeServerStreamRequest(
    method.path,
    method.requestSerialize,
    method.responseDeserialize,
    request,
    new Metadata(),
    deadline(timeout),
  )
  const cancel = () => stream.cancel()
  signal?.addEventListener('abort', cancel, { once: true })
  try {
    for await (const message of stream) yield message
  } catch (error) {
    throw signal?.aborted ? signal.reason : asCriError(error)
  } finally {
    signal?.removeEventListener('abort', cancel)
    stream.cancel()
  }
}

function deadline(timeout: number): GrpcCallOptions {
  return Number.isFinite(timeout) ? { deadline: Date.now() + timeout } : {}
}
