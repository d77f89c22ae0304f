import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Container, Service } from '@treeline/api'
import fc from 'fast-check'
import type { AssignedPod } from '../assigned-pod.js'
import { containerEnvironment, type EnvironmentSources } from './container-environment.js'
import { containerResource, podField } from './downward.js'
import { expand } from './expand.js'

const pod = {
  metadata: {
    name: 'web-1',
    namespace: 'shop',
    uid: 'u1',
    labels: { app: 'web', 'example.com/tier': 'front' },
    annotations: { note: 'two\nlines "quoted"' },
  },
  spec: {
    nodeName: 'n1',
    serviceAccountName: 'robot',
    containers: [{ name: 'main', resources: { limits: { cpu: '1500m', memory: '64Mi' }, requests: { cpu: '250m' } } }, { name: 'second' }],
  },
} as AssignedPod

const service = (namespace: string, name: string, clusterIP: string, ports: { name?: string; port: number; protocol?: string }[]) =>
  ({ metadata: { namespace, name }, spec: { clusterIP, ports } }) as Service

const sources: EnvironmentSources = {
  podIPs: ['127.1.0.5', 'fd00::5'],
  hostIPs: ['127.0.9.1'],
  nodeAllocatable: { cpu: '4', memory: '8Gi' },
  services: [
    service('default', 'kubernetes', '10.96.0.1', [{ name: 'https', port: 443 }]),
    service('shop', 'cart-api', '10.96.0.7', [
      { name: 'http', port: 80, protocol: 'TCP' },
      { name: 'dns', port: 53, protocol: 'UDP' },
    ]),
    service('shop', 'headless', 'None', [{ port: 80 }]),
    service('other', 'hidden', '10.96.0.8', [{ port: 80 }]),
  ],
  configMap: async (name) => (name === 'settings' ? { metadata: {}, data: { LEVEL: 'debug', COLOUR: 'red' } } : undefined),
  secret: async (name) => (name === 'keys' ? { metadata: {}, data: { TOKEN: Buffer.from('s3cret').toString('base64') } } : undefined),
}

test('expansion knows escapes, unknown names and unfinished references', () => {
  const lookup = (name: string) => ({ A: 'one', B: '' })[name]
  const cases: [string, string][] = [
    ['$(A)', 'one'],
    ['x$(A)y$(B)z', 'xoneyz'],
    ['$$(A)', '$(A)'],
    ['$$$(A)', '$one'],
    ['$(C)', '$(C)'],
    ['$(A', '$(A'],
    ['$A $', '$A $'],
    ['$$', '$'],
  ]
  for (const [text, expected] of cases) assert.equal(expand(text, lookup), expected, text)
  fc.assert(fc.property(fc.string(), (text) => expand(text.replaceAll('$', '$$$$'), lookup) === text))
})

test('services, envFrom, env: later ones win, and references see what came before', async () => {
  const container: Container = {
    name: 'main',
    envFrom: [
      { configMapRef: { name: 'settings' } },
      { prefix: 'P_', secretRef: { name: 'keys' } },
      { configMapRef: { name: 'gone', optional: true } },
    ],
    env: [
      { name: 'COLOUR', value: 'blue' },
      { name: 'BOTH', value: '$(COLOUR) $(LEVEL) $(CART_API_SERVICE_HOST) $(LATER)' },
      { name: 'LATER', value: 'x' },
      { name: 'NODE', valueFrom: { fieldRef: { fieldPath: 'spec.nodeName' } } },
      { name: 'CPU', valueFrom: { resourceFieldRef: { resource: 'limits.cpu' } } },
      { name: 'LEVEL2', valueFrom: { configMapKeyRef: { name: 'settings', key: 'LEVEL' } } },
      { name: 'TOKEN', valueFrom: { secretKeyRef: { name: 'keys', key: 'TOKEN' } } },
      { name: 'ABSENT', valueFrom: { secretKeyRef: { name: 'keys', key: 'NONE', optional: true } } },
      { name: 'EMPTY' },
    ],
  }
  const environment = Object.fromEntries(
    await containerEnvironment(pod, { ...container, resources: pod.spec.containers[0]!.resources! }, sources),
  )
  assert.deepEqual(environment, {
    KUBERNETES_SERVICE_HOST: '10.96.0.1',
    KUBERNETES_SERVICE_PORT: '443',
    KUBERNETES_SERVICE_PORT_HTTPS: '443',
    KUBERNETES_PORT: 'tcp://10.96.0.1:443',
    KUBERNETES_PORT_443_TCP: 'tcp://10.96.0.1:443',
    KUBERNETES_PORT_443_TCP_PROTO: 'tcp',
    KUBERNETES_PORT_443_TCP_PORT: '443',
    KUBERNETES_PORT_443_TCP_ADDR: '10.96.0.1',
    CART_API_SERVICE_HOST: '10.96.0.7',
    CART_API_SERVICE_PORT: '80',
    CART_API_SERVICE_PORT_HTTP: '80',
    CART_API_SERVICE_PORT_DNS: '53',
    CART_API_PORT: 'tcp://10.96.0.7:80',
    CART_API_PORT_80_TCP: 'tcp://10.96.0.7:80',
    CART_API_PORT_80_TCP_PROTO: 'tcp',
    CART_API_PORT_80_TCP_PORT: '80',
    CART_API_PORT_80_TCP_ADDR: '10.96.0.7',
    CART_API_PORT_53_UDP: 'udp://10.96.0.7:53',
    CART_API_PORT_53_UDP_PROTO: 'udp',
    CART_API_PORT_53_UDP_PORT: '53',
    CART_API_PORT_53_UDP_ADDR: '10.96.0.7',
    LEVEL: 'debug',
    COLOUR: 'blue',
    P_TOKEN: 's3cret',
    BOTH: 'blue debug 10.96.0.7 $(LATER)',
    LATER: 'x',
    NODE: 'n1',
    CPU: '2',
    LEVEL2: 'debug',
    TOKEN: 's3cret',
    EMPTY: '',
  })
})

test('what is missing is said in the words that the pod status shows', async () => {
  const cases: [Container['env'], string][] = [
    [[{ name: 'A', valueFrom: { configMapKeyRef: { name: 'gone', key: 'k' } } }], 'configmap "gone" not found'],
    [[{ name: 'A', valueFrom: { secretKeyRef: { name: 'gone', key: 'k' } } }], 'secret "gone" not found'],
    [[{ name: 'A', valueFrom: { configMapKeyRef: { name: 'settings', key: 'k' } } }], "couldn't find key k in ConfigMap shop/settings"],
    [[{ name: 'A', valueFrom: { secretKeyRef: { name: 'keys', key: 'k' } } }], "couldn't find key k in Secret shop/keys"],
    [[{ name: 'A', valueFrom: { fieldRef: { fieldPath: 'spec.hostname' } } }], 'unsupported fieldPath: spec.hostname'],
  ]
  for (const [env, message] of cases) await assert.rejects(containerEnvironment(pod, { name: 'c', env: env! }, sources), { message })
})

test('the downward API shows fields, subscripts, sorted maps and rounded resources', () => {
  assert.equal(podField(pod, 'metadata.labels', sources), 'app="web"\nexample.com/tier="front"')
  assert.equal(podField(pod, 'metadata.annotations', sources), 'note="two\\nlines \\"quoted\\""')
  assert.equal(podField(pod, "metadata.labels['example.com/tier']", sources), 'front')
  assert.equal(podField(pod, "metadata.labels['none']", sources), '')
  assert.equal(podField(pod, 'status.podIPs', sources), '127.1.0.5,fd00::5')
  assert.equal(podField(pod, 'status.hostIP', sources), '127.0.9.1')
  const resource = (selector: { resource: string; divisor?: string; containerName?: string }) =>
    containerResource(pod, pod.spec.containers[0], selector, sources)
  assert.equal(resource({ resource: 'requests.cpu', divisor: '1m' }), '250')
  assert.equal(resource({ resource: 'limits.memory', divisor: '1Mi' }), '64')
  assert.equal(resource({ resource: 'limits.memory', containerName: 'second' }), String(8 * 2 ** 30))
  assert.equal(resource({ resource: 'requests.memory', containerName: 'second' }), '0')
})
