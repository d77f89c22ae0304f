import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer as createHttpServer } from 'node:http'
import { connect, createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import type { Node, Service } from '@treeline/api'
import { type CloudProvider, cloudErrorOf } from '@treeline/cloud-provider'
import { createCloudProvider } from '../provider/provider.js'
import { type Cloud, openCloud } from './cloud.js'

const signal = new AbortController().signal
let directory: string
let cloud: Cloud
let provider: CloudProvider
const booted: string[] = []
const stopped: string[] = []

async function open(): Promise<void> {
  cloud = await openCloud({
    directory,
    log: () => undefined,
    powerOn: async (instance) => {
      booted.push(instance.nodeName)
      return { stop: async () => void stopped.push(instance.nodeName) }
    },
  })
  provider = await createCloudProvider({
    config: JSON.stringify({ endpoint: cloud.endpoint, token: cloud.token }),
    clusterName: 'test',
    log: () => undefined,
  })
}

before(async () => {
  directory = await mkdtemp(join(tmpdir(), 'treeline-cloud-'))
  await open()
})

after(async () => {
  await provider.close()
  await cloud.close()
  await rm(directory, { recursive: true })
})

const node = (name: string, providerID?: string, address?: string): Node => ({
  metadata: { name },
  spec: providerID ? { providerID } : {},
  status: { addresses: address ? [{ type: 'InternalIP', address }] : [] },
})

const service = (ports: object[]): Service =>
  ({
    metadata: { namespace: 'default', name: 'web', uid: '12345678-1234-4234-8234-123456789012' },
    spec: { type: 'LoadBalancer', ports },
  }) as Service

test('instances are described by name, then by providerID; absence has three shades', async () => {
  const created = await cloud.fleet.create({ name: 'node-1' })
  assert.deepEqual(booted, ['node-1'])
  const [byName] = await provider.instances!.describe([node('node-1')], signal)
  assert.equal(byName?.existence, 'exists')
  const metadata = byName?.existence === 'exists' ? byName.metadata : undefined
  assert.equal(metadata?.providerID, `sandbox:///${created.zone}/${created.id}`)
  assert.deepEqual(metadata?.addresses[0], { type: 'InternalIP', address: created.address })

  const answers = await provider.instances!.describe(
    [node('x', metadata?.providerID), node('x', 'sandbox:///local-1a/i-gone'), node('x', 'other://x'), node('stranger')],
    signal,
  )
  assert.deepEqual(
    answers.map((answer) => answer.existence),
    ['exists', 'gone', 'foreign', 'foreign'],
  )

  await cloud.fleet.stop(created.id)
  assert.deepEqual(stopped, ['node-1'])
  const [off] = await provider.instances!.describe([node('node-1')], signal)
  assert.equal(off?.existence === 'exists' && off.shutdown, true)
})

test('a load balancer forwards in turn, skips what is unhealthy, and is gone after delete', async () => {
  const backends = await Promise.all(
    [1, 2].map(async (number) => ({
      name: `b${number}`,
      address: `127.250.0.${number}`,
      server: await echo(`127.250.0.${number}`, String(number)),
    })),
  )
  const port = (backends[0]!.server.address() as { port: number }).port
  const second = await echoOn('127.250.0.2', port, '2')
  backends[1]!.server.close()
  const health = await Promise.all(backends.map((backend) => healthOf(backend.address)))
  const nodes = backends.map((backend) => node(backend.name, undefined, backend.address))
  const spec = service([{ port: 18080, nodePort: port }])
  try {
    const status = await provider.loadBalancers!.ensure(spec, nodes, signal)
    const ip = status.ingress?.[0]?.ip
    assert.ok(ip)
    assert.deepEqual(await provider.loadBalancers!.ensure(spec, nodes, signal), status, 'ensure is idempotent')
    const answers = await Promise.all([1, 2, 3, 4].map(() => ask(ip, 18080)))
    assert.deepEqual(answers.sort(), ['1', '1', '2', '2'])

    await provider.loadBalancers!.updateNodes(spec, nodes.slice(0, 1), signal)
    assert.deepEqual(await Promise.all([ask(ip, 18080), ask(ip, 18080)]), ['1', '1'])

    await provider.loadBalancers!.delete(spec, signal)
    assert.equal(await provider.loadBalancers!.get(spec, signal), undefined)
    await assert.rejects(ask(ip, 18080), /ECONNREFUSED/)
    await provider.loadBalancers!.delete(spec, signal)
  } finally {
    for (const server of [...backends.map((backend) => backend.server), second, ...health]) server.close()
  }
})

test('routes are created once, listed, and refuse another target', async () => {
  const target = await cloud.fleet.create({ name: 'router' })
  const other = await cloud.fleet.create({ name: 'other' })
  await provider.routes!.create({ targetNode: target.name, destinationCIDR: '127.24.1.0/24' }, 'uid', signal)
  await provider.routes!.create({ targetNode: target.name, destinationCIDR: '127.24.1.0/24' }, 'uid', signal)
  const listed = await provider.routes!.list(signal)
  assert.equal(listed.length, 1)
  await assert.rejects(
    provider.routes!.create({ targetNode: other.name, destinationCIDR: '127.24.1.0/24' }, 'uid', signal),
    (error) => cloudErrorOf(error)?.kind === 'conflict',
  )
  await provider.routes!.delete(listed[0]!, signal)
  assert.deepEqual(await provider.routes!.list(signal), [])
})

test('a restarted cloud remembers instances, load balancers and their addresses', async () => {
  const status = await provider.loadBalancers!.ensure(service([{ port: 18081, nodePort: 30001 }]), [], signal)
  await provider.close()
  await cloud.close()
  booted.length = 0
  await open()
  await cloud.fleet.bootAll()
  assert.deepEqual(booted.sort(), ['other', 'router'], 'the stopped one stays off')
  assert.deepEqual(await provider.loadBalancers!.get(service([{ port: 18081 }]), signal), status)
})

test('bad requests and bad tokens are refused with a reason', async () => {
  const call = (path: string, init: RequestInit, token = cloud.token) =>
    fetch(`${cloud.endpoint}${path}`, { ...init, headers: { authorization: `Bearer ${token}` } })
  assert.equal((await call('/v1/instances', {}, 'wrong')).status, 401)
  assert.equal((await call('/v1/nothing', {})).status, 404)
  assert.equal((await call('/v1/region', { method: 'DELETE' })).status, 405)
  assert.equal((await call('/v1/routes', { method: 'POST', body: '{' })).status, 400)
  const bad = await call('/v1/load-balancers/x', {
    method: 'PUT',
    body: JSON.stringify({ cluster: 'c', service: 's', listeners: [{ port: 0 }] }),
  })
  assert.deepEqual([bad.status, await bad.json()], [400, { code: 'InvalidField', message: 'listeners[0].port must be a port' }])
})

function echo(host: string, text: string): Promise<Server> {
  return echoOn(host, 0, text)
}

function echoOn(host: string, port: number, text: string): Promise<Server> {
  const server = createServer((socket) => socket.end(text))
  return new Promise((resolve) => server.listen({ host, port }, () => resolve(server)))
}

function healthOf(host: string): Promise<ReturnType<typeof createHttpServer>> {
  const server = createHttpServer((_request, response) => response.end('ok'))
  return new Promise((resolve) => server.listen({ host, port: 10_256 }, () => resolve(server)))
}

function ask(host: string, port: number): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = ''
    connect({ host, port })
      .on('data', (data) => {
        text += data.toString()
      })
      .on('error', reject)
      .on('close', () => resolve(text))
  })
}
