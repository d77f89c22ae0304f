import type { IncomingMessage, ServerResponse } from 'node:http'
import type { RouteContext } from './route.js'

/** `/pods`: the pods bound to this node, with the statuses that this agent knows. */
export async function listPods({ agent, workers }: RouteContext, _request: IncomingMessage, response: ServerResponse): Promise<void> {
  const items = workers.all().map((pod) => ({ ...pod, status: agent.statuses.get(pod.metadata.uid) ?? pod.status ?? {} }))
  const body = JSON.stringify({ kind: 'PodList', apiVersion: 'v1', metadata: {}, items })
  response.writeHead(200, { 'content-type': 'application/json' }).end(body)
}
