import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Node, PodSpec } from '@treeline/api'
import type { AssignedPod } from '../assigned-pod.js'
import type { AdmissionContext } from './admission.js'
import { admitPod } from './admit-pod.js'

const pod = (spec: Partial<PodSpec>, labels: Record<string, string> = {}) =>
  ({
    metadata: { name: 'p', namespace: 'd', uid: 'u', labels },
    spec: { nodeName: 'n1', containers: [{ name: 'c' }], ...spec },
  }) as AssignedPod
const asking = (requests: Record<string, string>, hostPort = 0) =>
  pod({ containers: [{ name: 'c', resources: { requests }, ports: [{ containerPort: 80, hostPort }] }] })
const node: Node = { metadata: { name: 'n1', labels: { zone: 'a', cores: '8' } }, spec: {} }
const context: AdmissionContext = {
  node,
  others: [asking({ cpu: '1500m', memory: '1Gi' }, 8080)],
  allocatable: { cpu: '2', memory: '2Gi', pods: '2' },
  operatingSystem: 'linux',
}
const affinity = (key: string, operator: string, values: string[]): Partial<PodSpec> => ({
  affinity: {
    nodeAffinity: {
      requiredDuringSchedulingIgnoredDuringExecution: {
        nodeSelectorTerms: [{ matchExpressions: [{ key, operator: operator as 'In', values }] }],
      },
    },
  },
})

const cases: [what: string, pod: AssignedPod, context: Partial<AdmissionContext>, expected: string | undefined][] = [
  ['fits', asking({ cpu: '500m', memory: '1Gi' }), {}, undefined],
  [
    'too much cpu',
    asking({ cpu: '600m' }),
    {},
    "OutOfcpu: Pod was rejected: Node didn't have enough resource: cpu, requested: 600, used: 1500, capacity: 2000",
  ],
  [
    'too much memory',
    asking({ memory: '1025Mi' }),
    {},
    "OutOfmemory: Pod was rejected: Node didn't have enough resource: memory, requested: 1074790400, used: 1073741824, capacity: 2147483648",
  ],
  [
    'too many pods',
    pod({}),
    { others: [pod({}), pod({})] },
    "OutOfpods: Pod was rejected: Node didn't have enough resource: pods, requested: 1, used: 2, capacity: 2",
  ],
  ['a resource unknown to the node', asking({ 'example.com/gpu': '4' }), {}, undefined],
  [
    'a taken port',
    asking({}, 8080),
    {},
    "NodePorts: Pod was rejected: Predicate NodePorts failed: node(s) didn't have free ports for the requested pod ports",
  ],
  ['another port', asking({}, 8081), {}, undefined],
  ['a matching selector', pod({ nodeSelector: { zone: 'a' } }), {}, undefined],
  [
    'another zone',
    pod({ nodeSelector: { zone: 'b' } }),
    {},
    "NodeAffinity: Pod was rejected: Predicate NodeAffinity failed: node(s) didn't match Pod's node affinity/selector",
  ],
  ['an affinity in', pod(affinity('zone', 'In', ['a', 'b'])), {}, undefined],
  ['an affinity greater', pod(affinity('cores', 'Gt', ['4'])), {}, undefined],
  [
    'an affinity less',
    pod(affinity('cores', 'Lt', ['4'])),
    {},
    "NodeAffinity: Pod was rejected: Predicate NodeAffinity failed: node(s) didn't match Pod's node affinity/selector",
  ],
  ['an unknown node', pod({ nodeSelector: { zone: 'b' } }), { node: undefined }, undefined],
  [
    'another system',
    pod({ os: { name: 'windows' } }),
    {},
    "PodOSNotSupported: Pod was rejected: Failed to admit pod as the OS field doesn't match node OS",
  ],
  [
    'an unsafe sysctl',
    pod({ securityContext: { sysctls: [{ name: 'kernel/msgmax', value: '1' }] } }),
    {},
    'SysctlForbidden: Pod was rejected: forbidden sysctl: "kernel.msgmax" not allowlisted',
  ],
  [
    'an evicting taint',
    pod({}),
    { node: { ...node, spec: { taints: [{ key: 'k', effect: 'NoExecute' }] } } },
    "TaintToleration: Pod was rejected: Predicate TaintToleration failed: node(s) had taints that the pod didn't tolerate",
  ],
  [
    'a tolerated taint',
    pod({ tolerations: [{ key: 'k', operator: 'Exists' }] }),
    { node: { ...node, spec: { taints: [{ key: 'k', effect: 'NoExecute' }] } } },
    undefined,
  ],
]
for (const [what, subject, overrides, expected] of cases) {
  test(`admission of ${what}`, () => {
    const refusal = admitPod(subject, { ...context, ...overrides })
    assert.equal(refusal && `${refusal.reason}: ${refusal.message}`, expected)
  })
}
