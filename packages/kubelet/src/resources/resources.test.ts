import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Container, PodSpec } from '@treeline/api'
import type { AssignedPod } from '../assigned-pod.js'
import { cgroupParent } from './cgroup-parent.js'
import { containerResources, cpuQuota, cpuShares, oomScore } from './linux-resources.js'
import { podTotal, qosClass } from './requests.js'

const container = (
  requests: Record<string, string> = {},
  limits: Record<string, string> = {},
  extra: Partial<Container> = {},
): Container => ({
  name: 'c',
  resources: { requests, limits },
  ...extra,
})
const pod = (spec: Partial<PodSpec>) =>
  ({ metadata: { name: 'p', namespace: 'd', uid: 'a-b' }, spec: { nodeName: 'n', containers: [], ...spec } }) as AssignedPod
const same = { cpu: '1', memory: '1Gi' }
const memory = 8 * 2 ** 30

test('the class of a pod follows from requests and limits', () => {
  const cases: [Container[], string][] = [
    [[container()], 'BestEffort'],
    [[container(same, same)], 'Guaranteed'],
    [[container({}, same)], 'Guaranteed'],
    [[container(same, same), container()], 'Burstable'],
    [[container({ cpu: '1' }, { cpu: '1' })], 'Burstable'],
    [[container({ cpu: '500m', memory: '1Gi' }, same)], 'Burstable'],
    [[container({ 'example.com/gpu': '1' }, { 'example.com/gpu': '1' })], 'BestEffort'],
  ]
  for (const [containers, expected] of cases) assert.equal(qosClass(pod({ containers })), expected)
})

test('a pod counts for the most it can be: apps and sidecars, or an init container beside the sidecars before it', () => {
  const total = podTotal(
    pod({
      initContainers: [container({ cpu: '3' }), container({ cpu: '1' }, {}, { restartPolicy: 'Always' }), container({ cpu: '4' })],
      containers: [container({ cpu: '1', memory: '1Gi' }), container({ cpu: '500m' })],
      overhead: { cpu: '100m' },
    }),
    'requests',
  )
  assert.deepEqual([total['cpu']?.milliValue(), total['memory']?.toString()], [5_100, '1Gi'])
})

test('requests and limits become numbers for the kernel', () => {
  assert.deepEqual([cpuShares(0), cpuShares(100), cpuShares(1_000), cpuShares(1_000_000)], [2, 102, 1_024, 262_144])
  assert.deepEqual([cpuQuota(1), cpuQuota(500), cpuQuota(2_000)], [1_000, 50_000, 200_000])
  const one = container({ cpu: '250m', memory: '2Gi' }, { cpu: '500m', memory: '4Gi' })
  assert.deepEqual(containerResources(pod({ containers: [one] }), one, memory), {
    cpuPeriod: 100_000n,
    cpuQuota: 50_000n,
    cpuShares: 256n,
    memoryLimitInBytes: BigInt(4 * 2 ** 30),
    oomScoreAdj: 750n,
  })
})

test('who dies first when memory runs out', () => {
  const burstable = container({ memory: '1Mi' })
  const score = (spec: Partial<PodSpec>, of: Container) => oomScore(pod(spec), of, memory)
  assert.equal(score({ containers: [container()] }, container()), 1_000)
  assert.equal(score({ containers: [container(same, same)] }, container(same, same)), -997)
  assert.equal(score({ containers: [burstable] }, burstable), 999)
  assert.equal(score({ containers: [burstable], priority: 2_000_001_000 }, burstable), -997)
  const app = container({ memory: '4Gi' })
  const sidecar = container({ memory: '1Mi' }, {}, { name: 's', restartPolicy: 'Always' })
  assert.equal(score({ containers: [app], initContainers: [sidecar] }, sidecar), 500)
})

test('the cgroup of a pod lies by its class', () => {
  assert.equal(cgroupParent(pod({ containers: [container(same, same)] }), 'cgroupfs'), '/kubepods/poda-b')
  assert.equal(cgroupParent(pod({ containers: [container()] }), 'cgroupfs'), '/kubepods/besteffort/poda-b')
  assert.equal(
    cgroupParent(pod({ containers: [container({ cpu: '1' })] }), 'systemd'),
    '/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-poda_b.slice',
  )
})
