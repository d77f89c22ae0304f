import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Pod } from '@treeline/api'
import { PodSandboxState } from '@treeline/cri'
import { podNameLabel, podNamespaceLabel, podUidLabel } from '../runtime/identity.js'
import type { RouteContext } from './route.js'

/** `/runningpods`: what the runtime says it runs, without asking the API server. */
export async function runningPods({ agent }: RouteContext, _request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { items } = await agent.runtime.listPodSandbox({}, { signal: agent.signal })
  const pods = items
    .filter(({ state }) => state === PodSandboxState.SANDBOX_READY)
    .map(({ labels }): Pod => {
      const uid = labels[podUidLabel] ?? ''
      const containers = agent.cache.get(uid).containers.filter(({ state }) => state === 'running')
      return {
        metadata: { name: labels[podNameLabel] ?? '', namespace: labels[podNamespaceLabel] ?? '', uid, creationTimestamp: null },
        spec: { containers: containers.map(({ name, image }) => ({ name, image, resources: {} })) },
        status: {},
      }
    })
  const body = JSON.stringify({ kind: 'PodList', apiVersion: 'v1', metadata: {}, items: pods })
  response.writeHead(200, { 'content-type': 'application/json' }).end(body)
}
