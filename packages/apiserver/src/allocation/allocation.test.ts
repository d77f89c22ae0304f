import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { IPAddress, Service } from '@treeline/api'
import fc from 'fast-check'
import { startTestCluster, type TestCluster } from '../testing/test-cluster.js'
import { clusterIps } from './cluster-ips.js'
import { addressText, contains, firstAddress, ipRange, numberOf } from './ip-range.js'
import { NodePorts } from './node-ports.js'
import { allocationRepair } from './repair.js'

const ranges: [string, string, string, string][] = [
  ['10.96.0.0/16', '10.96.0.1', '10.96.255.254', '10.96.1.1'],
  ['10.96.0.0/24', '10.96.0.1', '10.96.0.254', '10.96.0.17'],
  ['10.0.0.16/28', '10.0.0.17', '10.0.0.30', '10.0.0.17'],
  ['10.0.0.5/29', '10.0.0.1', '10.0.0.6', '10.0.0.1'],
  ['fd00:1::/112', 'fd00:1::1', 'fd00:1::ffff', 'fd00:1::101'],
]
for (const [cidr, first, last, upper] of ranges) {
  test(`the range ${cidr} goes from ${first} to ${last}, automatic picks from ${upper}`, () => {
    const range = ipRange(cidr)
    assert.deepEqual(
      [range.first, range.last, range.upper].map((number) => addressText(number, range.family)),
      [first, last, upper],
    )
    assert.equal(firstAddress(cidr), first)
    assert.ok(contains(range, range.network) && !contains(range, range.network - 1n))
  })
}

test('a range that is none, or too wide, is an error', () => {
  assert.throws(() => ipRange('10.96.0.0'))
  assert.throws(() => ipRange('fd00::/48'), /shortest allowed prefix length for service CIDR is 64, got 48/)
})

test("addresses and numbers are each other's inverse", () => {
  fc.assert(fc.property(fc.bigInt({ min: 0n, max: 2n ** 32n - 1n }), (number) => numberOf(addressText(number, 'IPv4'), 'IPv4') === number))
  fc.assert(fc.property(fc.bigInt({ min: 0n, max: 2n ** 128n - 1n }), (number) => numberOf(addressText(number, 'IPv6'), 'IPv6') === number))
  assert.equal(numberOf('10.0.0.1', 'IPv6'), undefined)
  assert.equal(numberOf('nonsense', 'IPv4'), undefined)
})

test('node ports: the lower band only when the upper is used up', () => {
  const ports = new NodePorts({ first: 30000, last: 30063 })
  const taken: number[] = []
  for (let port = ports.free(); port !== undefined; port = ports.free()) {
    ports.take(port)
    taken.push(port)
  }
  assert.equal(new Set(taken).size, 64)
  assert.ok(taken.slice(0, 48).every((port) => port >= 30016) && taken.slice(48).every((port) => port < 30016))
  ports.release(30005)
  assert.equal(ports.free(), 30005)
})

let cluster: TestCluster
before(async () => {
  cluster = await startTestCluster({ serviceCIDR: '10.96.0.0/27' })
})
after(() => cluster.close())

const services = '/api/v1/namespaces/default/services'
const create = (name: string, spec: object, query = '') =>
  cluster.ask(`POST ${services}${query}`, { metadata: { name }, spec: { ports: [{ port: 80 }], ...spec } })
const change = (name: string, spec: object) =>
  cluster.ask(`PATCH ${services}/${name}`, { spec }, { contentType: 'application/merge-patch+json' })
const remove = (name: string) => cluster.ask(`DELETE ${services}/${name}`)
const addresses = () => cluster.server.internals.list(IPAddress).map(({ metadata }) => metadata.name)

test('an address is taken with a record of whose it is, and free when the Service is gone', async () => {
  const { body } = await create('a', {})
  const address = body.spec.clusterIP
  assert.deepEqual([body.spec.clusterIPs, body.spec.ipFamilies, body.spec.ipFamilyPolicy], [[address], ['IPv4'], 'SingleStack'])
  const record = cluster.server.internals.get(IPAddress, undefined, address)
  assert.deepEqual(record?.spec?.parentRef, { resource: 'services', namespace: 'default', name: 'a' })
  assert.deepEqual(record.metadata.labels, {
    'ipaddress.kubernetes.io/ip-family': 'IPv4',
    'ipaddress.kubernetes.io/managed-by': 'ipallocator.k8s.io',
  })
  await remove('a')
  assert.deepEqual(addresses(), ['10.96.0.1'])
})

test('an address asked for: taken, in use, out of range, of the network itself', async () => {
  assert.equal((await create('a', { clusterIP: '10.96.0.9' })).body.spec.clusterIP, '10.96.0.9')
  const refusals: [string, string][] = [
    ['10.96.0.9', 'failed to allocate IP 10.96.0.9: provided IP is already allocated'],
    ['10.97.0.9', 'failed to allocate IP 10.97.0.9: the provided network does not match the current range'],
    [
      '10.96.0.0',
      'failed to allocate IP 10.96.0.0: the provided IP (10.96.0.0) is not in the valid range. The range of valid IPs is 10.96.0.0/27',
    ],
  ]
  for (const [clusterIP, detail] of refusals) {
    const { code, body } = await create('b', { clusterIP })
    assert.deepEqual(
      [code, body.details.causes[0].field, body.details.causes[0].message],
      [422, 'spec.clusterIPs', `Invalid value: ["${clusterIP}"]: ${detail}`],
    )
  }
  await remove('a')
})

test('no address: headless and external; and none is left when creation fails', async () => {
  assert.deepEqual((await create('h', { clusterIP: 'None', selector: { a: 'b' } })).body.spec.clusterIPs, ['None'])
  const free = await create('f', { clusterIP: 'None' })
  assert.deepEqual([free.body.spec.ipFamilies, free.body.spec.ipFamilyPolicy], [['IPv4', 'IPv6'], 'RequireDualStack'])
  const external = await create('e', { type: 'ExternalName', externalName: 'example.com' })
  assert.deepEqual([external.body.spec.clusterIP, external.body.spec.ipFamilies], [undefined, undefined])
  assert.equal((await create('Bad_Name', {})).code, 422)
  assert.equal((await create('h', {})).code, 409)
  assert.deepEqual(addresses(), ['10.96.0.1'])
  for (const name of ['h', 'f', 'e']) await remove(name)
})

test('dry-run takes nothing and shows placeholders', async () => {
  const { body } = await create(
    'd',
    {
      type: 'NodePort',
      ports: [
        { port: 1, name: 'a' },
        { port: 2, name: 'b' },
      ],
    },
    '?dryRun=All',
  )
  assert.deepEqual(
    [body.spec.clusterIP, body.spec.ports.map(({ nodePort }: { nodePort: number }) => nodePort)],
    ['10.96.0.0', [32769, 32770]],
  )
  assert.deepEqual(addresses(), ['10.96.0.1'])
})

test('type changes take and give back', async () => {
  const created = await create('t', { type: 'NodePort' })
  const address = created.body.spec.clusterIP
  const nodePort = created.body.spec.ports[0].nodePort
  assert.ok(nodePort >= 30000 && nodePort <= 32767)
  const kept = await cluster.ask(`PUT ${services}/t`, { metadata: { name: 't' }, spec: { type: 'NodePort', ports: [{ port: 81 }] } })
  assert.deepEqual([kept.body.spec.clusterIP, kept.body.spec.ports[0].nodePort], [address, nodePort], 'what a client leaves out stays')
  const plain = await change('t', { type: 'ClusterIP' })
  assert.equal(plain.body.spec.ports[0].nodePort, undefined)
  assert.equal((await create('u', { type: 'NodePort', ports: [{ port: 1, nodePort }] })).code, 201, 'the port is free again')
  await remove('u')
  const external = await change('t', { type: 'ExternalName', externalName: 'example.com' })
  assert.deepEqual([external.body.spec.clusterIP, external.body.spec.ipFamilies], [undefined, undefined])
  assert.deepEqual(addresses(), ['10.96.0.1'])
  const back = await change('t', { type: 'ClusterIP', externalName: null })
  assert.match(back.body.spec.clusterIP, /^10\.96\.0\./)
  await remove('t')
})

test('node ports asked for: shared by protocols, in use, out of range', async () => {
  const shared = await create('dns', {
    type: 'NodePort',
    ports: [
      { name: 'u', port: 53, protocol: 'UDP', nodePort: 30053 },
      { name: 't', port: 53, protocol: 'TCP', nodePort: 30053 },
    ],
  })
  assert.equal(shared.code, 201)
  const refusals: [number, string][] = [
    [30053, 'provided port is already allocated'],
    [80, 'provided port is not in the valid range. The range of valid ports is 30000-32767'],
  ]
  for (const [nodePort, detail] of refusals) {
    const { code, body } = await create('x', { type: 'NodePort', ports: [{ port: 80, nodePort }] })
    assert.deepEqual(
      [code, body.details.causes[0]],
      [422, { reason: 'FieldValueInvalid', field: 'spec.ports[0].nodePort', message: `Invalid value: ${nodePort}: ${detail}` }],
    )
  }
  assert.ok(
    !addresses().some((address) => cluster.server.internals.get(IPAddress, undefined, address ?? '')?.spec?.parentRef?.name === 'x'),
  )
  await remove('dns')
})

test('a load balancer that stays local gets a port for its health check', async () => {
  const local = await create('lb', { type: 'LoadBalancer', externalTrafficPolicy: 'Local' })
  const port = local.body.spec.healthCheckNodePort
  assert.ok(port >= 30000)
  const anywhere = await change('lb', { externalTrafficPolicy: 'Cluster' })
  assert.equal(anywhere.body.spec.healthCheckNodePort, undefined)
  const without = await create('lb2', { type: 'LoadBalancer', allocateLoadBalancerNodePorts: false })
  assert.equal(without.body.spec.ports[0].nodePort, undefined)
  await remove('lb')
  await remove('lb2')
})

test('families must fit the cluster', async () => {
  const refusals: [object, RegExp][] = [
    [
      { ipFamilyPolicy: 'RequireDualStack' },
      /spec.ipFamilyPolicy: Invalid value: "RequireDualStack": this cluster is not configured for dual-stack services/,
    ],
    [{ ipFamilies: ['IPv6'] }, /spec.ipFamilies\[0\]: Invalid value: "IPv6": not configured on this cluster/],
    [{ clusterIP: 'fd00::1' }, /IPv6 is not configured on this cluster/],
    [{ clusterIPs: ['10.96.0.3'] }, /must be empty when `clusterIP` is not specified/],
    [{ ipFamilies: ['IPv4', 'IPv4'] }, /spec.ipFamilies\[1\]: Duplicate value: "IPv4"/],
    [{ clusterIP: 'x' }, /must be a valid IP address/],
  ]
  for (const [spec, message] of refusals) {
    const answer = await create('x', spec)
    assert.deepEqual([answer.code, message.test(answer.body.message)], [422, true], answer.body.message)
  }
  assert.deepEqual((await create('p', { ipFamilyPolicy: 'PreferDualStack' }, '?dryRun=All')).body.spec.ipFamilies, ['IPv4'])
})

test('a range that is used up says so, and is usable to its last address', async () => {
  const made = await Promise.all(Array.from({ length: 30 }, (_, index) => create(`s${index}`, {})))
  assert.deepEqual(made.map(({ code }) => code).sort(), [...Array(29).fill(201), 500])
  assert.match(made.find(({ code }) => code === 500)?.body.message, /failed to allocate a serviceIP: range is full/)
  assert.equal(new Set(addresses()).size, 30)
  await Promise.all(made.map(({ body }) => (body.metadata.name ? remove(body.metadata.name) : undefined)))
  assert.deepEqual(addresses(), ['10.96.0.1'])
})

test('repair takes what is in use and frees what leaked', async () => {
  const { internals } = cluster.server
  const created = await create('r', { type: 'NodePort' })
  const address: string = created.body.spec.clusterIP
  await internals.delete(IPAddress, undefined, address)
  await internals.create(IPAddress, {
    metadata: { name: '10.96.0.30', labels: { 'ipaddress.kubernetes.io/managed-by': 'ipallocator.k8s.io' } },
    spec: { parentRef: { resource: 'services', namespace: 'default', name: 'gone' } },
  })
  const ports = new NodePorts()
  ports.take(31000)
  const repair = allocationRepair(internals, clusterIps(internals, ['10.96.0.0/27']), ports, () => Date.now() + 120_000)
  assert.deepEqual(await repair.run(), [])
  assert.deepEqual(addresses(), ['10.96.0.1', address].sort())
  assert.deepEqual([ports.has(created.body.spec.ports[0].nodePort), ports.has(31000)], [true, true])
  await repair.run()
  assert.equal(ports.has(31000), false, 'a port unexplained twice is free')
  await internals
    .store(Service)
    .update('default', 'r', ({ object }) => ({ ...object, spec: { ...object.spec, clusterIP: '10.99.0.1', clusterIPs: ['10.99.0.1'] } }))
  assert.deepEqual(
    (await repair.run()).map(({ reason }) => reason),
    ['ClusterIPOutOfRange'],
  )
})
