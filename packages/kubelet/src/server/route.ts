import type { IncomingMessage, ServerResponse } from 'node:http'
import type { NodeAgent } from '../node-agent.js'
import type { PodWorkers } from '../pods/pod-workers.js'

/** What a route gets. */
export interface RouteContext {
  readonly agent: NodeAgent
  readonly workers: PodWorkers
  readonly url: URL
  /** What follows the route's name in the path, decoded. */
  readonly segments: readonly string[]
}

/** Answers one kind of request; throws an HttpError for what it refuses. */
export type Route = (context: RouteContext, request: IncomingMessage, response: ServerResponse) => Promise<void>
