import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import type { PodSpec } from '@treeline/api'
import type { AssignedPod } from '../assigned-pod.js'
import { podDns } from './dns.js'
import { podHostname } from './hostname.js'
import { hostsFile } from './hosts-file.js'

const pod = (spec: Partial<PodSpec> = {}, name = 'web-0') =>
  ({ metadata: { name, namespace: 'shop', uid: 'u' }, spec: { nodeName: 'n', containers: [], ...spec } }) as AssignedPod
let folder: string
let cluster: { servers: string[]; domain: string; resolvConf: string }
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dns-'))
  const resolvConf = join(folder, 'resolv.conf')
  await writeFile(resolvConf, '# made by hand\nnameserver 192.0.2.1\nsearch corp.example. lab.example\noptions timeout:2\n')
  cluster = { servers: ['10.96.0.10'], domain: 'cluster.local', resolvConf }
})
after(() => rm(folder, { recursive: true }))

test('DNS settings follow the policy', async () => {
  const of = async (spec: Partial<PodSpec>) => (await podDns(pod(spec), cluster)).settings
  const clusterFirst = {
    servers: ['10.96.0.10'],
    searches: ['shop.svc.cluster.local', 'svc.cluster.local', 'cluster.local', 'corp.example', 'lab.example'],
    options: ['ndots:5'],
  }
  const host = { servers: ['192.0.2.1'], searches: ['corp.example', 'lab.example'], options: ['timeout:2'] }
  assert.deepEqual(await of({}), clusterFirst)
  assert.deepEqual(await of({ hostNetwork: true }), host)
  assert.deepEqual(await of({ hostNetwork: true, dnsPolicy: 'ClusterFirstWithHostNet' }), clusterFirst)
  assert.deepEqual(await of({ dnsPolicy: 'Default' }), host)
  assert.deepEqual(
    await of({
      dnsPolicy: 'None',
      dnsConfig: { nameservers: ['1.1.1.1'], searches: ['a'], options: [{ name: 'ndots', value: '2' }, { name: 'edns0' }] },
    }),
    {
      servers: ['1.1.1.1'],
      searches: ['a'],
      options: ['ndots:2', 'edns0'],
    },
  )
  assert.deepEqual((await of({ dnsConfig: { options: [{ name: 'ndots', value: '1' }] } })).options, ['ndots:1'])
})

test('too much of it is cut, and what is missing is said', async () => {
  const many = await podDns(pod({ dnsConfig: { nameservers: ['1.1.1.1', '2.2.2.2', '3.3.3.3'] } }), cluster)
  assert.equal(many.settings.servers.length, 3)
  assert.match(many.warnings[0]?.message ?? '', /^Nameserver limits were exceeded.*10\.96\.0\.10 1\.1\.1\.1 2\.2\.2\.2$/)
  const none = await podDns(pod(), { ...cluster, servers: [] })
  assert.equal(none.warnings[0]?.reason, 'MissingClusterDNS')
  assert.deepEqual(none.settings.servers, ['192.0.2.1'])
})

test('hostnames are cut to a label, and whole names must fit', () => {
  assert.deepEqual(podHostname(pod({ subdomain: 'db' }), 'cluster.local'), {
    hostname: 'web-0',
    domain: 'db.shop.svc.cluster.local',
    kernelName: 'web-0',
  })
  assert.equal(podHostname(pod({}, `${'a'.repeat(62)}-b`), 'c').hostname, 'a'.repeat(62))
  assert.equal(podHostname(pod({ subdomain: 'db', setHostnameAsFQDN: true }), 'c').kernelName, 'web-0.db.shop.svc.c')
  assert.throws(() => podHostname(pod({ subdomain: 'd'.repeat(60), setHostnameAsFQDN: true }), 'cluster.local'), /is too long/)
})

test('the hosts file names the pod, and its aliases', async () => {
  const file = await hostsFile(pod({ hostAliases: [{ ip: '10.0.0.9', hostnames: ['db', 'db.example'] }] }), {
    podIPs: ['127.1.0.4', 'fd00::4'],
    hostname: 'web-0',
    domain: 'db.shop.svc.cluster.local',
  })
  assert.ok(file.startsWith('# Kubernetes-managed hosts file.\n127.0.0.1\tlocalhost\n'))
  assert.ok(file.includes('127.1.0.4\tweb-0.db.shop.svc.cluster.local\tweb-0\nfd00::4\tweb-0.db'))
  assert.ok(file.endsWith('\n# Entries added by HostAliases.\n10.0.0.9\tdb\tdb.example\n'))
  assert.ok(
    (await hostsFile(pod({ hostNetwork: true }), { podIPs: [], hostname: '', domain: '' })).startsWith(
      '# Kubernetes-managed hosts file (host network).\n',
    ),
  )
})
