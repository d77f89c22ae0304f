// Our controller-manager and scheduler at work on upstream's API server, which has no controllers of its own.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { startTreeline, type TreelineProcess } from '../kill/treeline-process.js'
import { eventually } from '../main-job/kubectl.js'
import { type Server, send, serverOf } from '../oracle/server.js'
import { requirePeer } from '../peers/required.js'
import { missingPeers, startUpstream, type Upstream } from '../upstream/upstream.js'

const namespace = 'components'
let upstream: Upstream | undefined
const running: TreelineProcess[] = []

before(async () => {
  if ((await missingPeers({ controllers: false })).length > 0) return
  upstream = await startUpstream({ controllers: false })
})

after(async () => {
  for (const { child, ended } of running) {
    child.kill('SIGTERM')
    await ended
  }
  await upstream?.stop()
})

test('a namespace gets its account, and the pods of a Deployment are made and bound', { timeout: 120_000 }, async (t) => {
  const [missing] = await missingPeers({ controllers: false })
  if (!upstream) return void (await requirePeer(t, missing ?? 'kube-apiserver'))
  const server = serverOf(upstream.kubeconfig)
  for (const component of ['controller-manager', 'scheduler'])
    running.push(startTreeline([component, '--kubeconfig', upstream.kubeconfig, '--no-leader-elect']))

  await made(server, '/api/v1/namespaces', { metadata: { name: namespace } })
  await eventually(() => found(server, `/api/v1/namespaces/${namespace}/serviceaccounts/default`))

  await made(server, '/api/v1/nodes', { metadata: { name: 'by-hand', labels: { 'kubernetes.io/hostname': 'by-hand' } } })
  await ready(server, 'by-hand')
  await made(server, `/apis/apps/v1/namespaces/${namespace}/deployments`, {
    metadata: { name: 'web' },
    spec: {
      replicas: 3,
      selector: { matchLabels: { app: 'web' } },
      template: { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'web', image: 'nginx' }] } },
    },
  })
  await eventually(async () => {
    const { items } = (await found(server, `/api/v1/namespaces/${namespace}/pods?labelSelector=app%3Dweb`)) as { items: PodLike[] }
    assert.deepEqual(
      items.map(({ spec }) => spec.nodeName),
      ['by-hand', 'by-hand', 'by-hand'],
      running.map(({ output }) => output()).join('\n'),
    )
    // whoever made the node ready by hand has to keep it so
    await ready(server, 'by-hand')
  })
  const deployment = (await found(server, `/apis/apps/v1/namespaces/${namespace}/deployments/web`)) as { status: { replicas?: number } }
  assert.equal(deployment.status.replicas, 3)
  server.agent.destroy()
})

interface PodLike {
  readonly spec: { readonly nodeName?: string }
}

async function made(server: Server, path: string, body: unknown): Promise<void> {
  const { code, text } = await send(server, { method: 'POST', path, body })
  assert.equal(code, 201, text)
}

async function found(server: Server, path: string): Promise<unknown> {
  const { code, text } = await send(server, { method: 'GET', path })
  assert.equal(code, 200, text)
  return JSON.parse(text)
}

/** Says that a node is ready, and takes the taint that it was made with. */
async function ready(server: Server, name: string): Promise<void> {
  const now = new Date().toISOString().replace(/\.\d+/, '')
  const condition = { type: 'Ready', status: 'True', reason: 'ByHand', lastHeartbeatTime: now, lastTransitionTime: now }
  const resources = { cpu: '4', memory: '8Gi', pods: '110' }
  const status = { conditions: [condition], capacity: resources, allocatable: resources }
  const type = 'application/strategic-merge-patch+json'
  const patched = await send(server, { method: 'PATCH', path: `/api/v1/nodes/${name}/status`, type, body: { status } })
  assert.equal(patched.code, 200, patched.text)
  const untainted = await send(server, {
    method: 'PATCH',
    path: `/api/v1/nodes/${name}`,
    type: 'application/merge-patch+json',
    body: { spec: { taints: null } },
  })
  assert.equal(untainted.code, 200, untainted.text)
}
