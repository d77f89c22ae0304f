import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ControllerRevision, PersistentVolumeClaim, Pod, StatefulSet } from '@treeline/api'
import { ControllerFixture, FakeClock } from '@treeline/client/testing'
import { change, statefulSet, template, world } from '../testing/objects.js'
import { statefulSetController } from './index.js'

const claimTemplate: PersistentVolumeClaim = {
  metadata: { name: 'data' },
  spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
}

function setup(set: StatefulSet) {
  const clock = new FakeClock('2026-01-01T00:00:00Z')
  const fixture = new ControllerFixture(statefulSetController(), { objects: [set], clock })
  const pods = () => world(fixture, Pod)
  const names = () => pods().map(({ metadata }) => metadata.name)
  const current = () => world(fixture, StatefulSet)[0]!
  /** Lets pods that wait become ready, and those that were deleted go. */
  const agents = () => {
    for (const pod of pods()) {
      if (pod.status?.phase) continue
      change(fixture, pod, (copy) => {
        copy.status = { phase: 'Running', conditions: [{ type: 'Ready', status: 'True', lastTransitionTime: '2026-01-01T00:00:00Z' }] }
      })
    }
  }
  const converge = async () => {
    for (let round = 0; round < 20; round++) {
      await fixture.settle()
      agents()
    }
    await fixture.settle()
  }
  const edit = (how: (copy: StatefulSet) => void) =>
    change(fixture, current(), (copy) => {
      how(copy)
      copy.metadata.generation = (copy.metadata.generation ?? 0) + 1
    })
  const told = () => fixture.events.splice(0).map(({ message }) => message)
  return { fixture, pods, names, current, agents, converge, edit, told }
}

test('pods are made one after another, each when the one before is ready', async () => {
  const { fixture, names, agents, pods } = setup(statefulSet('db'))
  for (const expected of [['db-0'], ['db-0', 'db-1'], ['db-0', 'db-1', 'db-2'], ['db-0', 'db-1', 'db-2']]) {
    await fixture.settle()
    assert.deepEqual(names(), expected)
    agents()
  }
  const [first] = pods()
  const { labels } = first?.metadata ?? {}
  assert.equal(labels?.['statefulset.kubernetes.io/pod-name'], 'db-0')
  assert.equal(labels?.['apps.kubernetes.io/pod-index'], '0')
  assert.match(labels?.['controller-revision-hash'] ?? '', /^db-[a-z0-9]+$/)
  assert.deepEqual([first?.spec?.hostname, first?.spec?.subdomain], ['db-0', 'db'])
})

test('with the policy Parallel nobody waits', async () => {
  const { fixture, names } = setup(statefulSet('db', { podManagementPolicy: 'Parallel', ordinals: { start: 5 } }))
  await fixture.settle()
  assert.deepEqual(names(), ['db-5', 'db-6', 'db-7'])
})

test('its status tells pods and revisions', async () => {
  const { converge, current, fixture } = setup(statefulSet('db'))
  await converge()
  const [revision] = world(fixture, ControllerRevision)
  assert.deepEqual(current().status, {
    observedGeneration: 1,
    replicas: 3,
    readyReplicas: 3,
    availableReplicas: 3,
    currentReplicas: 3,
    updatedReplicas: 3,
    currentRevision: revision?.metadata.name,
    updateRevision: revision?.metadata.name,
    collisionCount: 0,
  })
  assert.deepEqual(revision?.data, { spec: { template: { ...template(), $patch: 'replace' } } })
})

test('a new template replaces pods from the highest down, one at a time', async () => {
  const { converge, edit, told, current, pods } = setup(statefulSet('db'))
  await converge()
  told()
  edit((copy) => (copy.spec!.template = template('two')))
  await converge()
  assert.deepEqual(
    told(),
    [2, 1, 0].flatMap((ordinal) => [
      `Delete Pod db-${ordinal} in StatefulSet db successful`,
      `Create Pod db-${ordinal} in StatefulSet db successful`,
    ]),
  )
  assert.equal(current().status?.currentRevision, current().status?.updateRevision)
  assert.ok(pods().every(({ spec }) => spec?.containers[0]?.image === 'two'))
})

test('a partition keeps lower pods as they are, also when they are made anew', async () => {
  const { fixture, converge, edit, pods } = setup(
    statefulSet('db', { updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: 2 } } }),
  )
  await converge()
  edit((copy) => (copy.spec!.template = template('two')))
  await converge()
  fixture.client.drop(pods()[0]!)
  await converge()
  assert.deepEqual(
    pods().map(({ spec }) => spec?.containers[0]?.image),
    ['one', 'one', 'two'],
  )
})

test('going back to an older template takes up its revision as the newest', async () => {
  const { fixture, converge, edit } = setup(statefulSet('db', { replicas: 1 }))
  await converge()
  edit((copy) => (copy.spec!.template = template('two')))
  await converge()
  edit((copy) => (copy.spec!.template = template('one')))
  await converge()
  assert.deepEqual(
    world(fixture, ControllerRevision)
      .map(({ revision }) => revision)
      .sort(),
    [2, 3],
  )
})

test('fewer replicas go from the highest, and not before a lower one that is ill is well again', async () => {
  const { fixture, converge, edit, names, pods, told } = setup(statefulSet('db'))
  await converge()
  change(fixture, pods()[1]!, (copy) => (copy.status!.conditions![0]!.status = 'False'))
  edit((copy) => (copy.spec!.replicas = 2))
  told()
  await fixture.settle()
  assert.deepEqual(names(), ['db-0', 'db-1', 'db-2'])
  change(fixture, pods()[1]!, (copy) => (copy.status!.conditions![0]!.status = 'True'))
  await fixture.settle()
  assert.deepEqual([names(), told()], [['db-0', 'db-1'], ['Delete Pod db-2 in StatefulSet db successful']])
})

test('a pod that has failed is made anew', async () => {
  const { fixture, converge, pods, told } = setup(statefulSet('db', { replicas: 1 }))
  await converge()
  const { uid } = pods()[0]!.metadata
  change(fixture, pods()[0]!, (copy) => (copy.status!.phase = 'Failed'))
  told()
  await converge()
  assert.notEqual(pods()[0]!.metadata.uid, uid)
  assert.deepEqual(told(), ['Delete Pod db-0 in StatefulSet db successful', 'Create Pod db-0 in StatefulSet db successful'])
})

test('every pod has claims of its own, made before it, which outlive it', async () => {
  const { fixture, converge, edit, pods } = setup(statefulSet('db', { replicas: 2, volumeClaimTemplates: [claimTemplate] }))
  await converge()
  const claims = () => world(fixture, PersistentVolumeClaim)
  assert.deepEqual(
    claims().map(({ metadata }) => [metadata.name, metadata.labels]),
    [
      ['data-db-0', { app: 'web' }],
      ['data-db-1', { app: 'web' }],
    ],
  )
  assert.deepEqual(pods()[1]?.spec?.volumes, [{ name: 'data', persistentVolumeClaim: { claimName: 'data-db-1' } }])
  edit((copy) => (copy.spec!.replicas = 0))
  await converge()
  assert.deepEqual([pods().length, claims().length, claims()[0]?.metadata.ownerReferences], [0, 2, undefined])
})

test('by the retention policy claims belong to the set, or to the pod that goes', async () => {
  const policy = { whenDeleted: 'Delete', whenScaled: 'Delete' } as const
  const { fixture, converge, edit, agents } = setup(
    statefulSet('db', { replicas: 2, volumeClaimTemplates: [claimTemplate], persistentVolumeClaimRetentionPolicy: policy }),
  )
  const owners = () =>
    world(fixture, PersistentVolumeClaim).map(({ metadata }) => metadata.ownerReferences?.map(({ kind, name }) => `${kind} ${name}`))
  await converge()
  assert.deepEqual(owners(), [['StatefulSet db'], ['StatefulSet db']])
  edit((copy) => (copy.spec!.replicas = 1))
  await fixture.settle()
  agents()
  assert.deepEqual(owners(), [['StatefulSet db'], ['Pod db-1']])
})

test('a pod that lost its name label gets it back in place', async () => {
  const { fixture, converge, pods, told } = setup(statefulSet('db', { replicas: 1 }))
  await converge()
  told()
  change(fixture, pods()[0]!, (copy) => delete copy.metadata.labels!['statefulset.kubernetes.io/pod-name'])
  await converge()
  assert.deepEqual(told(), ['Update Pod db-0 in StatefulSet db successful'])
  assert.equal(pods()[0]!.metadata.labels?.['statefulset.kubernetes.io/pod-name'], 'db-0')
})
