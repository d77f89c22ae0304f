import { answerError } from './answer.js'
import { type Call, Exchange } from './exchange.js'
import type { RequestSink } from './tls-listener.js'

/**
 * One step of every request. It throws to refuse, answers to end the pipeline, or just returns to let the next stage
 * go on. A promise is returned only where there is something to wait for.
 */
export type Stage = (exchange: Exchange) => void | Promise<void>

/** What the server learns about every request when it is over. */
export interface RequestObserver {
  started(exchange: Exchange): void
  /** `failure` is what a stage threw, answered or not. */
  finished(exchange: Exchange, failure: unknown): void
}

/** The way of a request: the stages in order, until one has answered; then the observers. */
export function pipeline(stages: readonly Stage[], observers: readonly RequestObserver[], now: () => number): RequestSink {
  return (call: Call) => {
    const exchange = new Exchange(call, call, now())
    for (const observer of observers) observer.started(exchange)
    void run(exchange, stages, observers)
  }
}

async function run(exchange: Exchange, stages: readonly Stage[], observers: readonly RequestObserver[]): Promise<void> {
  let failure: unknown
  try {
    for (const stage of stages) {
      const pending = stage(exchange)
      if (pending !== undefined) await pending
      if (exchange.responder.started) break
    }
  } catch (error) {
    failure = error
    answerError(exchange, error)
  }
  clearTimeout(exchange.timer)
  for (const observer of observers) observer.finished(exchange, failure)
}
