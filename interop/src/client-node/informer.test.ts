// The informer of @kubernetes/client-node, which many TypeScript controllers are built on, against our server.
import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { CoreV1Api, KubeConfig, makeInformer, type V1ConfigMap } from '@kubernetes/client-node'
import { startTreeline, type TreelineProcess } from '../kill/treeline-process.js'
import { eventually } from '../main-job/kubectl.js'

const namespace = 'default'

test('its informer sees adds, updates and deletes, and goes on when the server ends its watch', { timeout: 90_000 }, async () => {
  const directory = await mkdtemp(join(tmpdir(), 'informer-'))
  const start = (): TreelineProcess => startTreeline(['apiserver', '--data-dir', directory, '--secure-port', port, '--json'])
  let port = '0'
  let server = start()
  try {
    await server.ready
    const config = new KubeConfig()
    config.loadFromFile(join(directory, 'kubeconfig'))
    port = new URL(config.getCurrentCluster()?.server ?? '').port
    const api = config.makeApiClient(CoreV1Api)
    const events: string[] = []
    const informer = makeInformer(config, `/api/v1/namespaces/${namespace}/configmaps`, () => api.listNamespacedConfigMap({ namespace }))
    const told = (verb: string) => (object: V1ConfigMap) =>
      void events.push(`${verb} ${object.metadata?.name} ${object.data?.['value'] ?? ''}`)
    informer.on('add', told('add'))
    informer.on('update', told('update'))
    informer.on('delete', told('delete'))
    // the end of a watch comes here; its owner starts it again, as its documentation says
    let ended = 0
    informer.on('error', () => {
      ended++
      setTimeout(() => void informer.start().catch(() => undefined), 200).unref()
    })
    await informer.start()
    const seen = (event: string): Promise<void> =>
      eventually(async () => assert.ok(events.includes(event), `${event} in ${events.join(', ')}`))
    const body = (name: string, value: string): V1ConfigMap => ({ metadata: { name }, data: { value } })

    await api.createNamespacedConfigMap({ namespace, body: body('a', '1') })
    await seen('add a 1')
    await api.replaceNamespacedConfigMap({ namespace, name: 'a', body: body('a', '2') })
    await seen('update a 2')
    await api.createNamespacedConfigMap({ namespace, body: body('b', '1') })
    await api.deleteNamespacedConfigMap({ namespace, name: 'a' })
    await seen('delete a 2')
    assert.equal(informer.get('a', namespace), undefined)
    assert.equal(informer.get('b', namespace)?.data?.['value'], '1')

    server.child.kill('SIGTERM')
    await server.ended
    server = start()
    await server.ready
    await eventually(() => api.createNamespacedConfigMap({ namespace, body: body('c', '1') }))
    await seen('add c 1')
    assert.equal(informer.get('b', namespace)?.data?.['value'], '1')
    assert.deepEqual(events.filter((event) => event === 'add b 1').length, 1)
    console.log(`the informer was told of ${ended} ends of its watch`)
    await informer.stop()
  } finally {
    server.child.kill('SIGKILL')
    await server.ended
    await rm(directory, { recursive: true, force: true })
  }
})
