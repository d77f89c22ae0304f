import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { TypeOf } from '../../declaration/type-of.js'
import { describePod } from './pod-summary.js'

type Pod = TypeOf<'core.v1.Pod'>
type Status = TypeOf<'core.v1.PodStatus'>
type State = TypeOf<'core.v1.ContainerState'>
type ContainerStatus = TypeOf<'core.v1.ContainerStatus'>

const now = Date.parse('2026-01-01T00:10:00Z')
const ago = (seconds: number): string => new Date(now - seconds * 1000).toISOString()
const two = { containers: [{ name: 'a' }, { name: 'b' }] }
const initialised = { ...two, initContainers: [{ name: 'i1' }, { name: 'i2' }, { name: 's', restartPolicy: 'Always' }] }
const up = { running: {} }
const exited = (exitCode: number, more: object = {}): State => ({ terminated: { exitCode, ...more } })

function container(name: string, state: State, more: Partial<ContainerStatus> = {}): ContainerStatus {
  return { name, state, ready: false, restartCount: 0, image: 'i', imageID: '', ...more }
}

const readyA = container('a', up, { ready: true })
const readyB = container('b', up, { ready: true })
const done = exited(0, { reason: 'Completed' })

const cases: readonly (readonly [what: string, spec: object, status: Status, expected: readonly [string, string, string]])[] = [
  ['a new pod', two, { phase: 'Pending' }, ['0/2', 'Pending', '0']],
  [
    'a gated pod',
    two,
    { phase: 'Pending', conditions: [{ type: 'PodScheduled', status: 'False', reason: 'SchedulingGated' }] },
    ['0/2', 'SchedulingGated', '0'],
  ],
  ['a running pod', two, { phase: 'Running', containerStatuses: [readyA, readyB] }, ['2/2', 'Running', '0']],
  [
    'one that restarted',
    two,
    { phase: 'Running', containerStatuses: [{ ...readyA, restartCount: 3, lastState: exited(1, { finishedAt: ago(130) }) }, readyB] },
    ['2/2', 'Running', '3 (2m10s ago)'],
  ],
  [
    'one that crashes',
    two,
    { phase: 'Running', containerStatuses: [container('a', { waiting: { reason: 'CrashLoopBackOff' } }, { restartCount: 5 }), readyB] },
    ['1/2', 'CrashLoopBackOff', '5'],
  ],
  [
    'one with a completed container',
    two,
    { phase: 'Running', conditions: [{ type: 'Ready', status: 'True' }], containerStatuses: [container('a', done), readyB] },
    ['1/2', 'Running', '0'],
  ],
  ['the same while not ready', two, { phase: 'Running', containerStatuses: [container('a', done), readyB] }, ['1/2', 'NotReady', '0']],
  [
    'one that completed',
    two,
    { phase: 'Succeeded', containerStatuses: [container('a', done), container('b', done)] },
    ['0/2', 'Completed', '0'],
  ],
  [
    'one that failed beside it',
    two,
    { phase: 'Failed', containerStatuses: [container('a', done), container('b', exited(3, { reason: 'Error' }))] },
    ['0/2', 'Error', '0'],
  ],
  [
    'one that was killed',
    two,
    { phase: 'Failed', containerStatuses: [container('a', exited(137, { signal: 9 }))] },
    ['0/2', 'Signal:9', '0'],
  ],
  ['one that exited', two, { phase: 'Failed', containerStatuses: [container('a', exited(4))] }, ['0/2', 'ExitCode:4', '0']],
  ['one that was evicted', two, { phase: 'Failed', reason: 'Evicted' }, ['0/2', 'Evicted', '0']],
  [
    'one before its first init container',
    initialised,
    { phase: 'Pending', initContainerStatuses: [container('i1', { waiting: { reason: 'PodInitializing' } })] },
    ['0/3', 'Init:0/3', '0'],
  ],
  [
    'one between two',
    initialised,
    { phase: 'Pending', initContainerStatuses: [container('i1', exited(0)), container('i2', up)] },
    ['0/3', 'Init:1/3', '0'],
  ],
  [
    'one whose init container failed',
    initialised,
    { phase: 'Pending', initContainerStatuses: [container('i1', exited(1, { reason: 'Error' }))] },
    ['0/3', 'Init:Error', '0'],
  ],
  [
    '… without a reason',
    initialised,
    { phase: 'Pending', initContainerStatuses: [container('i1', exited(7))] },
    ['0/3', 'Init:ExitCode:7', '0'],
  ],
  [
    '… by a signal',
    initialised,
    { phase: 'Pending', initContainerStatuses: [container('i1', exited(7, { signal: 6 }))] },
    ['0/3', 'Init:Signal:6', '0'],
  ],
  [
    'one with a sidecar',
    initialised,
    {
      phase: 'Running',
      conditions: [{ type: 'Initialized', status: 'True' }],
      initContainerStatuses: [
        container('i1', exited(0)),
        container('i2', exited(0)),
        container('s', up, { started: true, ready: true, restartCount: 4, lastState: exited(1, { finishedAt: ago(60) }) }),
      ],
      containerStatuses: [{ ...readyA, restartCount: 1, lastState: exited(1, { finishedAt: ago(500) }) }],
    },
    ['2/3', 'Running', '5 (60s ago)'],
  ],
]

for (const [what, spec, status, expected] of cases) {
  test(what, () => {
    const { ready, status: shown, restarts } = describePod({ metadata: {}, spec, status } as Pod, now)
    assert.deepEqual([ready, shown, restarts], expected)
  })
}

test('a pod being deleted is terminating, unless it has ended or its node is lost', () => {
  const deleted = (status: Status): string => describePod({ metadata: { deletionTimestamp: ago(1) }, spec: two, status } as Pod, now).status
  assert.equal(deleted({ phase: 'Running' }), 'Terminating')
  assert.equal(deleted({ phase: 'Failed', reason: 'Evicted' }), 'Evicted')
  assert.equal(deleted({ phase: 'Running', reason: 'NodeLost' }), 'Unknown')
})
