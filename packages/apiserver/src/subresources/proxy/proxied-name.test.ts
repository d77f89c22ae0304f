import assert from 'node:assert/strict'
import { test } from 'node:test'
import { unicastAndLoopbackNetwork, unicastOnly } from './addresses.js'
import { parseProxiedName, proxiedPath } from './proxied-name.js'

const names: [string, object | undefined][] = [
  ['web', { protocol: 'http', name: 'web', port: '' }],
  ['web:80', { protocol: 'http', name: 'web', port: '80' }],
  ['https:web:http', { protocol: 'https', name: 'web', port: 'http' }],
  [':web:', { protocol: 'http', name: 'web', port: '' }],
  ['ftp:web:80', undefined],
  ['a:b:c:d', undefined],
  [':80', undefined],
]
for (const [id, expected] of names) {
  test(`the proxied name ${id}`, () => {
    if (expected) assert.deepEqual(parseProxiedName(id, 'pod'), expected)
    else assert.throws(() => parseProxiedName(id, 'pod'), { code: 400, message: `invalid pod request "${id}"` })
  })
}

const paths: [string, string][] = [
  ['/api/v1/namespaces/n/pods/p/proxy', ''],
  ['/api/v1/namespaces/n/pods/p/proxy/', '/'],
  ['/api/v1/namespaces/n/pods/p/proxy/a//b/?c=/d', '/a//b/'],
  ['/api/v1/namespaces/n/pods/proxy/proxy/x', '/x'],
  ['/api/v1/nodes/n1/proxy/healthz', '/healthz'],
  ['/api/v1/namespaces/n/services/http:a:80/proxy/%2F', '/%2F'],
]
for (const [target, expected] of paths) test(`the proxied path of ${target}`, () => assert.equal(proxiedPath(target), expected))

const addresses: [string, boolean, boolean][] = [
  ['10.0.0.1', true, true],
  ['2001:db8::1', true, true],
  ['127.16.20.1', false, true],
  ['127.0.0.53', false, false],
  ['127.0.0.1', false, false],
  ['::1', false, false],
  ['169.254.169.254', false, false],
  ['0.0.0.0', false, false],
  ['224.0.0.1', false, false],
  ['255.255.255.255', false, false],
  ['nonsense', false, false],
]
for (const [address, outside, laptop] of addresses) {
  test(`the address ${address}`, () => assert.deepEqual([unicastOnly(address), unicastAndLoopbackNetwork(address)], [outside, laptop]))
}
