import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Pod } from '@treeline/api'
import { clusterOf, fit, type NodeShape, nodeOf, podOf, requesting } from '../fixture.test-support.js'

const near = (topologyKey: string, app: string) => ({ topologyKey, labelSelector: { matchLabels: { app } } })
const zone = 'topology.kubernetes.io/zone'

interface Case {
  readonly name: string
  readonly nodes: Readonly<Record<string, NodeShape>>
  readonly pods?: readonly Pod[]
  readonly pod: Pod
  readonly fits: readonly string[]
  readonly because?: Readonly<Record<string, readonly string[]>>
}

const cases: readonly Case[] = [
  {
    name: 'cordoned nodes take only pods that tolerate it',
    nodes: { a: { unschedulable: true }, b: {} },
    pod: podOf('p'),
    fits: ['b'],
    because: { a: ['node(s) were unschedulable'] },
  },
  {
    name: 'a toleration of everything covers a cordon and taints',
    nodes: { a: { unschedulable: true, taints: [{ key: 'k', effect: 'NoExecute' }] } },
    pod: podOf('p', { tolerations: [{ operator: 'Exists' }] }),
    fits: ['a'],
  },
  {
    name: 'taints need a toleration of key, value and effect',
    nodes: {
      a: { taints: [{ key: 'k', value: 'v', effect: 'NoSchedule' }] },
      b: { taints: [{ key: 'k', value: 'v', effect: 'NoExecute' }] },
    },
    pod: podOf('p', { tolerations: [{ key: 'k', operator: 'Equal', value: 'v', effect: 'NoSchedule' }] }),
    fits: ['a'],
    because: { b: ['node(s) had untolerated taint(s)'] },
  },
  {
    name: 'every short resource is named',
    nodes: { a: { cpu: '1' }, b: { cpu: '8' } },
    pod: podOf('p', { containers: [{ name: 'c', image: 'i', resources: { requests: { cpu: '2', memory: '16Gi' } } }] }),
    fits: [],
    because: { a: ['Insufficient cpu', 'Insufficient memory'], b: ['Insufficient memory'] },
  },
  {
    name: 'what runs on a node counts, finished pods do not',
    nodes: { a: { cpu: '2' }, b: { cpu: '2' } },
    pods: [
      podOf('x', { ...requesting('1500m'), nodeName: 'a' }),
      podOf('y', { ...requesting('1500m'), nodeName: 'b' }, { status: { phase: 'Succeeded' } }),
    ],
    pod: podOf('p', requesting('1')),
    fits: ['b'],
    because: { a: ['Insufficient cpu'] },
  },
  { name: 'a full node', nodes: { a: { pods: '0' } }, pod: podOf('p'), fits: [], because: { a: ['Too many pods'] } },
  {
    name: 'host ports clash by protocol and address',
    nodes: { a: {}, b: {} },
    pods: [
      podOf('x', {
        nodeName: 'a',
        containers: [{ name: 'c', image: 'i', ports: [{ containerPort: 80, hostPort: 80, hostIP: '127.0.0.1' }] }],
      }),
    ],
    pod: podOf('p', { containers: [{ name: 'c', image: 'i', ports: [{ containerPort: 80, hostPort: 80 }] }] }),
    fits: ['b'],
    because: { a: ["node(s) didn't have free ports for the requested pod ports"] },
  },
  {
    name: 'node selectors and required affinity both hold',
    nodes: { a: { labels: { disk: 'ssd', size: '3' } }, b: { labels: { disk: 'ssd', size: '1' } }, c: {} },
    pod: podOf('p', {
      nodeSelector: { disk: 'ssd' },
      affinity: {
        nodeAffinity: {
          requiredDuringSchedulingIgnoredDuringExecution: {
            nodeSelectorTerms: [{ matchExpressions: [{ key: 'size', operator: 'Gt', values: ['2'] }] }],
          },
        },
      },
    }),
    fits: ['a'],
    because: { b: ["node(s) didn't match Pod's node affinity/selector"], c: ["node(s) didn't match Pod's node affinity/selector"] },
  },
  {
    name: 'a pod pinned to a node by name is looked for there only',
    nodes: { a: {}, b: {} },
    pod: podOf('p', {
      affinity: {
        nodeAffinity: {
          requiredDuringSchedulingIgnoredDuringExecution: {
            nodeSelectorTerms: [{ matchFields: [{ key: 'metadata.name', operator: 'In', values: ['b'] }] }],
          },
        },
      },
    }),
    fits: ['b'],
    because: { a: ["node(s) didn't satisfy plugin(s) [NodeAffinity]"] },
  },
  {
    name: 'anti-affinity keeps its own kind away, by zone',
    nodes: { a: { labels: { [zone]: '1' } }, b: { labels: { [zone]: '1' } }, c: { labels: { [zone]: '2' } } },
    pods: [podOf('x', { nodeName: 'a' }, { labels: { app: 'web' } })],
    pod: podOf('p', { affinity: { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [near(zone, 'web')] } } }),
    fits: ['c'],
    because: { a: ["node(s) didn't match pod anti-affinity rules"], b: ["node(s) didn't match pod anti-affinity rules"] },
  },
  {
    name: 'the anti-affinity of those already there counts too',
    nodes: { a: {}, b: {} },
    pods: [
      podOf('x', {
        nodeName: 'a',
        affinity: { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [near('kubernetes.io/hostname', 'web')] } },
      }),
    ],
    pod: podOf('p', {}, { labels: { app: 'web' } }),
    fits: ['b'],
    because: { a: ["node(s) didn't satisfy existing pods anti-affinity rules"] },
  },
  {
    name: 'affinity wants company; the first of its kind may be alone',
    nodes: { a: {}, b: {} },
    pod: podOf(
      'p',
      { affinity: { podAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [near('kubernetes.io/hostname', 'web')] } } },
      { labels: { app: 'web' } },
    ),
    fits: ['a', 'b'],
  },
  {
    name: 'affinity to somebody who is nowhere',
    nodes: { a: {} },
    pod: podOf('p', {
      affinity: { podAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [near('kubernetes.io/hostname', 'db')] } },
    }),
    fits: [],
    because: { a: ["node(s) didn't match pod affinity rules"] },
  },
  {
    name: 'spread constraints bound the skew and need their label',
    nodes: { a: { labels: { [zone]: '1' } }, b: { labels: { [zone]: '2' } }, c: {} },
    pods: [podOf('x', { nodeName: 'a' }, { labels: { app: 'web' } })],
    pod: podOf(
      'p',
      {
        topologySpreadConstraints: [
          { maxSkew: 1, topologyKey: zone, whenUnsatisfiable: 'DoNotSchedule', labelSelector: { matchLabels: { app: 'web' } } },
        ],
      },
      { labels: { app: 'web' } },
    ),
    fits: ['b'],
    because: {
      a: ["node(s) didn't match pod topology spread constraints"],
      c: ["node(s) didn't match pod topology spread constraints (missing required label)"],
    },
  },
]

describe('filters', () => {
  for (const { name, nodes, pods, pod, fits, because = {} } of cases)
    test(name, () => {
      const cluster = clusterOf(
        Object.entries(nodes).map(([node, shape]) => nodeOf(node, shape)),
        pods,
      )
      const result = fit(cluster, pod)
      assert.deepEqual(result.nodes.sort(), fits)
      assert.deepEqual(result.reasons, because)
    })
})
