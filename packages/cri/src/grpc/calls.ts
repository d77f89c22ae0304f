import type { DescMessage, DescMethod, DescService, MessageInitShape, MessageShape } from '@bufbuild/protobuf'

/** What a caller may say about one call. */
export interface CallOptions {
  /** Milliseconds until the call fails with DEADLINE_EXCEEDED; 120,000 when absent; `Infinity` waits for ever. */
  readonly timeout?: number
  readonly signal?: AbortSignal
}

/** What a server method learns about the call it answers. */
export interface CallContext {
  /** Aborts when the caller goes away or its deadline passes. */
  readonly signal: AbortSignal
}

type Methods<S extends DescService> = S['method'] & Record<string, DescMethod>
type Request<M extends DescMethod> = M['input'] extends infer I extends DescMessage ? I : never
type Response<M extends DescMethod> = M['output'] extends infer O extends DescMessage ? O : never

/** A service as its callers see it: one function per method, plain objects in, messages out. */
export type ServiceCalls<S extends DescService> = {
  readonly [K in keyof S['method']]: Methods<S>[K & string]['methodKind'] extends 'server_streaming'
    ? (
        request: MessageInitShape<Request<Methods<S>[K & string]>>,
        options?: CallOptions,
      ) => AsyncIterable<MessageShape<Response<Methods<S>[K & string]>>>
    : (
        request: MessageInitShape<Request<Methods<S>[K & string]>>,
        options?: CallOptions,
      ) => Promise<MessageShape<Response<Methods<S>[K & string]>>>
}

/** A service as its server writes it. A method left out is answered UNIMPLEMENTED. */
export type ServiceImplementation<S extends DescService> = {
  readonly [K in keyof S['method']]?: Methods<S>[K & string]['methodKind'] extends 'server_streaming'
    ? (
        request: MessageShape<Request<Methods<S>[K & string]>>,
        context: CallContext,
      ) => AsyncIterable<MessageInitShape<Response<Methods<S>[K & string]>>>
    : (
        request: MessageShape<Request<Methods<S>[K & string]>>,
        context: CallContext,
      ) => Promise<MessageInitShape<Response<Methods<S>[K & string]>>>
}
