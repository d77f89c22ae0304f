import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Container, PodSpec } from '@treeline/api'
import fc from 'fast-check'
import type { AssignedPod } from '../assigned-pod.js'
import { containerHash } from './identity.js'
import { type Plan, type ProbeOutcome, planPod } from './plan.js'
import type { ContainerState, PodRuntime, RuntimeContainer, RuntimeSandbox } from './pod-runtime.js'

const image = 'img:1'
const containerOf = (name: string, extra: Partial<Container> = {}): Container => ({ name, image, ...extra })
const sidecar = (name: string, extra: Partial<Container> = {}) => containerOf(name, { restartPolicy: 'Always', ...extra })
const pod = (spec: Partial<PodSpec> = {}) =>
  ({
    metadata: { name: 'p', namespace: 'd', uid: 'u' },
    spec: { nodeName: 'n', restartPolicy: 'Always', containers: [containerOf('a')], ...spec },
  }) as AssignedPod

let ids = 0
function ran(name: string, state: ContainerState, exitCode = 0, extra: Partial<RuntimeContainer> = {}): RuntimeContainer {
  ids++
  return {
    id: `${name}-${state}`,
    sandboxId: 's1',
    name,
    state,
    exitCode,
    createdAt: BigInt(ids),
    startedAt: BigInt(ids),
    finishedAt: 0n,
    reason: '',
    message: '',
    image,
    imageRef: image,
    logPath: '',
    terminationMessageFile: '',
    terminationMessagePath: '',
    terminationMessagePolicy: 'File',
    terminationGracePeriod: undefined,
    preStopHandler: undefined,
    hash: containerHash(containerOf(name)),
    restartCount: 0,
    user: undefined,
    ...extra,
  }
}
const sandbox = (extra: Partial<RuntimeSandbox> = {}): RuntimeSandbox => ({
  id: 's1',
  ready: true,
  attempt: 0,
  createdAt: 1n,
  hostNetwork: false,
  ips: ['127.0.0.2'],
  ...extra,
})
const runtime = (containers: RuntimeContainer[] = [], sandboxes = [sandbox()]): PodRuntime => ({ sandboxes, containers })
const verdicts = (liveness: Record<string, ProbeOutcome> = {}, startup: Record<string, ProbeOutcome> = {}) => ({
  liveness: (id: string) => liveness[id],
  startup: (id: string) => startup[id],
})

/** A plan in short: what is killed and started, and what happens to the sandbox. */
function short({ killPod, newSandbox, kill, start }: Plan): string {
  const names = (containers: readonly Container[]) => containers.map(({ name }) => name).join(' ')
  return [
    killPod ? 'kill pod' : '',
    newSandbox === undefined ? '' : `sandbox ${newSandbox}`,
    kill.length === 0 ? '' : `kill ${kill.map(({ target, cause }) => `${target.name} (${cause})`).join(' ')}`,
    start.ephemeral.length === 0 ? '' : `debug ${names(start.ephemeral)}`,
    start.init.length === 0 ? '' : `init ${names(start.init)}`,
    start.app.length === 0 ? '' : `start ${names(start.app)}`,
  ]
    .filter(Boolean)
    .join(', ')
}

const two = pod({ containers: [containerOf('a'), containerOf('b')] })
const withInit = (extra: Partial<PodSpec> = {}) => pod({ initContainers: [containerOf('i1'), containerOf('i2')], ...extra })
const withSidecar = pod({ initContainers: [sidecar('s'), containerOf('i')] })

const cases: [what: string, pod: AssignedPod, runtime: PodRuntime, expected: string, verdicts?: ReturnType<typeof verdicts>][] = [
  ['a new pod', two, runtime([], []), 'kill pod, sandbox 0, start a b'],
  ['a new pod with init containers', withInit(), runtime([], []), 'kill pod, sandbox 0, init i1'],
  ['a running pod', two, runtime([ran('a', 'running'), ran('b', 'running')]), ''],
  ['a container that never started', two, runtime([ran('a', 'running')]), 'start b'],
  ['a crashed container', two, runtime([ran('a', 'exited', 1), ran('b', 'running')]), 'start a'],
  ['a container created only', pod(), runtime([ran('a', 'created')]), 'start a'],
  ['a container in an unknown state', pod(), runtime([ran('a', 'unknown')]), 'kill a (unknown), start a'],
  ['a container with another image', pod(), runtime([ran('a', 'running', 0, { hash: 'old' })]), 'kill a (changed), start a'],
  ['a failed liveness probe', pod(), runtime([ran('a', 'running')]), 'kill a (liveness), start a', verdicts({ 'a-running': 'failure' })],
  ['a failed startup probe', pod(), runtime([ran('a', 'running')]), 'kill a (startup), start a', verdicts({}, { 'a-running': 'failure' })],
  [
    'a failed liveness probe without restarts',
    pod({ restartPolicy: 'Never', containers: [containerOf('a'), containerOf('b')] }),
    runtime([ran('a', 'running'), ran('b', 'running')]),
    'kill a (liveness)',
    verdicts({ 'a-running': 'failure' }),
  ],
  ['a job that is done', pod({ restartPolicy: 'Never' }), runtime([ran('a', 'exited', 0)]), 'kill pod'],
  ['a job that failed', pod({ restartPolicy: 'Never' }), runtime([ran('a', 'exited', 3)]), 'kill pod'],
  ['a job that failed and may again', pod({ restartPolicy: 'OnFailure' }), runtime([ran('a', 'exited', 3)]), 'start a'],
  [
    'a restart rule for one code',
    pod({
      restartPolicy: 'Never',
      containers: [containerOf('a', { restartPolicyRules: [{ action: 'Restart', exitCodes: { operator: 'In', values: [42] } }] })],
    }),
    runtime([ran('a', 'exited', 42)]),
    'start a',
  ],
  ['a sandbox that stopped', pod(), runtime([ran('a', 'exited', 137)], [sandbox({ ready: false })]), 'kill pod, sandbox 1, start a'],
  ['a sandbox without address', pod(), runtime([], [sandbox({ ips: [] })]), 'kill pod, sandbox 1, start a'],
  [
    'a host-network sandbox without address',
    pod({ hostNetwork: true }),
    runtime([ran('a', 'running')], [sandbox({ ips: [], hostNetwork: true })]),
    '',
  ],
  ['a sandbox of the other network', pod({ hostNetwork: true }), runtime([], [sandbox()]), 'kill pod, sandbox 1, start a'],
  ['two ready sandboxes', pod(), runtime([], [sandbox({ id: 's2', attempt: 1 }), sandbox()]), 'kill pod, sandbox 2, start a'],
  [
    'a stopped sandbox of a job that is done',
    pod({ restartPolicy: 'Never' }),
    runtime([ran('a', 'exited')], [sandbox({ ready: false })]),
    'kill pod',
  ],
  [
    'a stopped sandbox of a pod half done',
    pod({ restartPolicy: 'OnFailure', containers: [containerOf('a'), containerOf('b')] }),
    runtime([ran('a', 'exited', 0), ran('b', 'exited', 1)], [sandbox({ ready: false })]),
    'kill pod, sandbox 1, start b',
  ],
  ['an init container under way', withInit(), runtime([ran('i1', 'running')]), ''],
  ['an init container that succeeded', withInit(), runtime([ran('i1', 'exited', 0)]), 'init i2'],
  ['an init container that failed', withInit(), runtime([ran('i1', 'exited', 1)]), 'init i1'],
  ['an init container that failed for good', withInit({ restartPolicy: 'Never' }), runtime([ran('i1', 'exited', 1)]), 'kill pod'],
  ['all init containers done', withInit(), runtime([ran('i2', 'exited', 0)]), 'start a'],
  ['an app that runs while its init containers are forgotten', withInit(), runtime([ran('a', 'running')]), ''],
  ['a sidecar that runs', withSidecar, runtime([ran('s', 'running')]), 'init i'],
  [
    'a sidecar that has not started up',
    pod({ initContainers: [sidecar('s', { startupProbe: {} }), containerOf('i')] }),
    runtime([ran('s', 'running')]),
    '',
  ],
  [
    'a sidecar that crashed beside the app',
    withSidecar,
    runtime([ran('s', 'exited', 1), ran('i', 'exited', 0), ran('a', 'running')]),
    'init s',
  ],
  [
    'a sidecar that fails its liveness probe',
    withSidecar,
    runtime([ran('s', 'running'), ran('i', 'exited', 0), ran('a', 'running')]),
    'kill s (liveness), init s',
    verdicts({ 's-running': 'failure' }),
  ],
  [
    'a sidecar when the app is done',
    pod({ restartPolicy: 'Never', initContainers: [sidecar('s')] }),
    runtime([ran('s', 'running'), ran('a', 'exited', 0)]),
    'kill pod',
  ],
  ['a debug container', pod({ ephemeralContainers: [{ name: 'd', image }] }), runtime([ran('a', 'running')]), 'debug d'],
  [
    'a debug container that ended',
    pod({ ephemeralContainers: [{ name: 'd', image }] }),
    runtime([ran('a', 'running'), ran('d', 'exited', 1)]),
    '',
  ],
]
for (const [what, subject, state, expected, probes = verdicts()] of cases) {
  test(`the plan for ${what}`, () => assert.equal(short(planPod(subject, state, probes)), expected))
}

test('no plan both keeps a running container and starts it, or starts one twice', () => {
  const states: ContainerState[] = ['created', 'running', 'exited', 'unknown']
  const anyRun = fc.record({ state: fc.constantFrom(...states), exitCode: fc.constantFrom(0, 1) })
  fc.assert(
    fc.property(
      fc.constantFrom('Always', 'OnFailure', 'Never'),
      fc.dictionary(fc.constantFrom('a', 'b', 'i1', 's'), anyRun),
      fc.boolean(),
      (restartPolicy, runs, ready) => {
        const subject = pod({
          restartPolicy,
          containers: [containerOf('a'), containerOf('b')],
          initContainers: [containerOf('i1'), sidecar('s')],
        })
        const containers = Object.entries(runs).map(([name, { state, exitCode }]) => ran(name, state, exitCode))
        const plan = planPod(subject, runtime(containers, [sandbox({ ready })]), verdicts())
        const started = [...plan.start.init, ...plan.start.app].map(({ name }) => name)
        assert.equal(new Set(started).size, started.length)
        const killed = plan.kill.map(({ target }) => target.name)
        for (const { name, state } of containers) {
          if (state === 'running' && started.includes(name)) assert.ok(plan.killPod || killed.includes(name))
        }
      },
    ),
  )
})
