import assert from 'node:assert/strict'
import { test } from 'node:test'
import { EndpointSlice, Endpoints, Event, FlowSchema, Lease, PriorityLevelConfiguration, Service } from '@treeline/api'
import { openMemoryStore } from '@treeline/storage'
import { startTestCluster } from '../testing/test-cluster.js'
import { advertisedAddress } from './advertised-address.js'
import { every } from './every.js'
import { identityLease } from './identity-lease.js'
import { publishedAddress } from './published-address.js'
import { recordProblem } from './repair-events.js'

test('every goes on after a failure, and stops', async () => {
  let runs = 0
  const stop = every(1, async () => {
    runs++
    throw new Error('no')
  })
  while (runs < 3) await new Promise((resolve) => setTimeout(resolve, 1))
  await stop()
  const after = runs
  await new Promise((resolve) => setTimeout(resolve, 10))
  assert.equal(runs, after)
})

test('an address that others reach', () => {
  assert.equal(advertisedAddress('127.0.0.1'), undefined)
  assert.equal(advertisedAddress('::1'), undefined)
  assert.equal(advertisedAddress('localhost'), undefined)
  assert.equal(advertisedAddress('10.1.2.3'), '10.1.2.3')
  assert.notEqual(advertisedAddress('0.0.0.0'), '0.0.0.0')
})

test('a server has a lease under its name, and forgets those who let go of theirs', async () => {
  const cluster = await startTestCluster()
  const { internals } = cluster.server
  const hour = 3_600_000
  try {
    assert.equal(internals.list(Lease, 'kube-system').length, 1)
    const gone = identityLease(internals, 'vm', () => Date.now() - 2 * hour)
    await gone.renew()
    const here = identityLease(internals, 'here', Date.now)
    await here.renew()
    const names = () => internals.list(Lease, 'kube-system').map(({ metadata }) => metadata.labels?.['kubernetes.io/hostname'])
    assert.ok(names().includes('vm'))
    assert.equal(internals.get(Lease, 'kube-system', 'apiserver-wlv32tlttr4jl3gtroqexyxapa')?.spec?.leaseDurationSeconds, 3600)
    await here.forgetOthers()
    assert.ok(!names().includes('vm') && names().includes('here'))
  } finally {
    await cluster.close()
  }
})

test('the kubernetes Service leads to the servers there are', async () => {
  const store = openMemoryStore()
  const cluster = await startTestCluster({ store, advertiseAddress: '10.9.0.1' })
  const { internals, port } = cluster.server
  const told = () => [
    internals.get(Endpoints, 'default', 'kubernetes')?.subsets?.[0]?.addresses?.map(({ ip }) => ip),
    internals.get(EndpointSlice, 'default', 'kubernetes')?.endpoints.map(({ addresses }) => addresses[0]),
  ]
  try {
    assert.deepEqual(told(), [['10.9.0.1'], ['10.9.0.1']])
    assert.equal(internals.get(EndpointSlice, 'default', 'kubernetes')?.ports?.[0]?.port, port)
    const other = publishedAddress(internals, store, '10.9.0.2', () => port)
    await other.publish()
    assert.deepEqual(told()[1], ['10.9.0.1', '10.9.0.2'])
    await other.withdraw()
    assert.deepEqual(told(), [['10.9.0.1'], ['10.9.0.1']])
    await publishedAddress(internals, store, '10.9.0.1', () => port).withdraw()
    assert.deepEqual(told()[0], ['10.9.0.1'], 'the last one stays')
  } finally {
    await cluster.close()
  }
})

test('a flow schema tells whether its priority level exists', async () => {
  const cluster = await startTestCluster()
  const { internals } = cluster.server
  const dangling = () => internals.get(FlowSchema, undefined, 'mine')?.status?.conditions?.[0]?.status
  const until = async (status: string) => {
    for (let tries = 0; dangling() !== status; tries++) {
      assert.ok(tries < 500, `not ${status}`)
      await new Promise((resolve) => setTimeout(resolve, 2))
    }
  }
  try {
    await internals.create(FlowSchema, { metadata: { name: 'mine' }, spec: { priorityLevelConfiguration: { name: 'level' } } })
    await until('True')
    await internals.create(PriorityLevelConfiguration, {
      metadata: { name: 'level' },
      spec: { type: 'Limited', limited: { limitResponse: { type: 'Reject' } } },
    })
    await until('False')
    await internals.delete(PriorityLevelConfiguration, undefined, 'level')
    await until('True')
  } finally {
    await cluster.close()
  }
})

test('what repair cannot settle is told once, with the Service', async () => {
  const cluster = await startTestCluster()
  const { internals } = cluster.server
  try {
    const service = internals.get(Service, 'default', 'kubernetes') as Service
    const problem = { service, reason: 'ClusterIPOutOfRange', message: 'Cluster IP 1.2.3.4 is not within any …' } as const
    await recordProblem(internals, problem, Date.now)
    await recordProblem(internals, problem, Date.now)
    const events = internals.list(Event, 'default')
    assert.deepEqual(
      events.map(({ reason, involvedObject, type }) => [reason, involvedObject.name, type]),
      [['ClusterIPOutOfRange', 'kubernetes', 'Warning']],
    )
  } finally {
    await cluster.close()
  }
})
