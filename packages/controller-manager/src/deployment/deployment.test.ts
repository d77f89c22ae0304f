import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Deployment, ReplicaSet } from '@treeline/api'
import { ControllerFixture } from '@treeline/client/testing'
import { errors } from '@treeline/machinery'
import { change, deployment, template, world } from '../testing/objects.js'
import { deploymentController } from './index.js'

function setup(owner: Deployment) {
  const fixture = new ControllerFixture(deploymentController(), { objects: [owner] })
  const sets = () => world(fixture, ReplicaSet)
  const current = () => world(fixture, Deployment)[0]!
  const condition = (type: string) => current().status?.conditions?.find((candidate) => candidate.type === type)
  /** ReplicaSets make, and lose, their pods at once, all of them available. */
  const pods = () => {
    for (const set of sets()) {
      change(fixture, set, (copy) => {
        const replicas = copy.spec?.replicas ?? 0
        copy.status = {
          replicas,
          readyReplicas: replicas,
          availableReplicas: replicas,
          terminatingReplicas: 0,
          observedGeneration: copy.metadata.generation,
        }
      })
    }
  }
  const converge = async () => {
    for (let round = 0; round < 20; round++) {
      await fixture.settle()
      pods()
    }
    await fixture.settle()
  }
  const edit = (how: (copy: Deployment) => void) =>
    change(fixture, current(), (copy) => {
      how(copy)
      copy.metadata.generation = (copy.metadata.generation ?? 0) + 1
    })
  return { fixture, sets, current, condition, pods, converge, edit }
}

const sizes = (sets: readonly ReplicaSet[]) => sets.map(({ spec }) => spec?.replicas)

test('a new Deployment makes one ReplicaSet of its template, of full size', async () => {
  const { fixture, sets, current, condition } = setup(deployment('web'))
  await fixture.settle()
  const [set] = sets()
  const hash = set?.metadata.labels?.['pod-template-hash']
  assert.equal(set?.metadata.name, `web-${hash}`)
  assert.deepEqual(set?.spec, {
    replicas: 3,
    selector: { matchLabels: { app: 'web', 'pod-template-hash': hash } },
    template: { ...template(), metadata: { labels: { app: 'web', 'pod-template-hash': hash } } },
  })
  assert.deepEqual(set?.metadata.annotations, {
    'deployment.kubernetes.io/revision': '1',
    'deployment.kubernetes.io/desired-replicas': '3',
    'deployment.kubernetes.io/max-replicas': '4',
  })
  assert.equal(current().metadata.annotations?.['deployment.kubernetes.io/revision'], '1')
  assert.deepEqual(
    [condition('Progressing')?.reason, condition('Progressing')?.message],
    ['NewReplicaSetCreated', `Created new replica set "web-${hash}"`],
  )
  assert.deepEqual([condition('Available')?.status, condition('Available')?.reason], ['False', 'MinimumReplicasUnavailable'])
  assert.deepEqual(
    fixture.events.map(({ reason, message }) => `${reason}: ${message}`),
    [`ScalingReplicaSet: Scaled up replica set web-${hash} from 0 to 3`],
  )
})

test('when all pods are available the rollout is complete', async () => {
  const { converge, current, condition, sets } = setup(deployment('web'))
  await converge()
  const { conditions: _, ...status } = current().status ?? {}
  assert.deepEqual(status, {
    observedGeneration: 1,
    replicas: 3,
    updatedReplicas: 3,
    readyReplicas: 3,
    availableReplicas: 3,
    unavailableReplicas: 0,
    terminatingReplicas: 0,
  })
  assert.equal(condition('Available')?.status, 'True')
  assert.deepEqual(
    [condition('Progressing')?.reason, condition('Progressing')?.message],
    ['NewReplicaSetAvailable', `ReplicaSet "${sets()[0]?.metadata.name}" has successfully progressed.`],
  )
})

test('a new template is rolled out one pod at a time, keeping the old ReplicaSet empty; undo brings it back as a later revision', async () => {
  const { fixture, converge, edit, sets, current } = setup(deployment('web'))
  await converge()
  const first = sets()[0]!
  edit((copy) => (copy.spec!.template = template('two')))
  fixture.events.length = 0
  await converge()
  const second = sets().find(({ metadata }) => metadata.name !== first.metadata.name)!
  assert.deepEqual(
    fixture.events.map(({ message }) => message),
    [
      `Scaled up replica set ${second.metadata.name} from 0 to 1`,
      `Scaled down replica set ${first.metadata.name} from 3 to 2`,
      `Scaled up replica set ${second.metadata.name} from 1 to 2`,
      `Scaled down replica set ${first.metadata.name} from 2 to 1`,
      `Scaled up replica set ${second.metadata.name} from 2 to 3`,
      `Scaled down replica set ${first.metadata.name} from 1 to 0`,
    ],
  )
  edit((copy) => (copy.spec!.template = template('one')))
  await converge()
  const annotations = sets().find(({ metadata }) => metadata.name === first.metadata.name)?.metadata.annotations
  assert.equal(annotations?.['deployment.kubernetes.io/revision'], '3')
  assert.equal(annotations?.['deployment.kubernetes.io/revision-history'], '1')
  assert.equal(current().metadata.annotations?.['deployment.kubernetes.io/revision'], '3')
  assert.equal(sets().length, 2)
})

test('a change of size alone only scales, and notes the new size on the ReplicaSet', async () => {
  const { converge, edit, sets } = setup(deployment('web'))
  await converge()
  edit((copy) => (copy.spec!.replicas = 5))
  await converge()
  assert.deepEqual(sizes(sets()), [5])
  assert.equal(sets()[0]?.metadata.annotations?.['deployment.kubernetes.io/desired-replicas'], '5')
})

test('a paused Deployment scales but does not roll out', async () => {
  const { converge, edit, sets, condition } = setup(deployment('web'))
  await converge()
  edit((copy) => Object.assign(copy.spec!, { paused: true, template: template('two'), replicas: 4 }))
  await converge()
  assert.deepEqual(sizes(sets()), [4])
  assert.deepEqual([condition('Progressing')?.status, condition('Progressing')?.reason], ['Unknown', 'DeploymentPaused'])
  edit((copy) => (copy.spec!.paused = false))
  await converge()
  assert.deepEqual(sizes(sets()).sort(), [0, 4])
})

test('Recreate waits until no old pod is left', async () => {
  const { fixture, converge, edit, sets, pods } = setup(deployment('web', { strategy: { type: 'Recreate' } }))
  await converge()
  edit((copy) => (copy.spec!.template = template('two')))
  await fixture.settle()
  assert.deepEqual(sizes(sets()), [0])
  assert.equal(sets()[0]?.status?.replicas, 3)
  pods()
  await fixture.settle()
  assert.deepEqual(sizes(sets()).sort(), [0, 3])
})

test('no progress until the deadline is told, at the time of the deadline', async () => {
  const { fixture, condition } = setup(deployment('web', { progressDeadlineSeconds: 60 }))
  await fixture.settle({ wait: 59_000 })
  assert.equal(condition('Progressing')?.reason, 'NewReplicaSetCreated')
  await fixture.settle({ wait: 3000 })
  assert.deepEqual([condition('Progressing')?.status, condition('Progressing')?.reason], ['False', 'ProgressDeadlineExceeded'])
})

test('only so many empty ReplicaSets are kept, the newest', async () => {
  const { converge, edit, sets } = setup(deployment('web', { revisionHistoryLimit: 1 }))
  for (const image of ['one', 'two', 'three', 'four']) {
    edit((copy) => (copy.spec!.template = template(image)))
    await converge()
  }
  assert.deepEqual(
    sets()
      .map(({ spec }) => spec?.template?.spec?.containers[0]?.image)
      .sort(),
    ['four', 'three'],
  )
})

test('a name taken by another ReplicaSet counts as a collision, and another name is found', async () => {
  const { fixture, converge, sets, current } = setup(deployment('web'))
  await fixture.settle()
  const name = sets()[0]!.metadata.name
  const other = setup(deployment('web'))
  other.fixture.client.put({ ...sets()[0]!, metadata: { namespace: 'a', name, uid: 'another', labels: {} } } as ReplicaSet)
  await other.fixture.reconcile('a/web').catch((error: Error) => assert.match(error.message, /already exists/))
  assert.equal(other.current().status?.collisionCount, 1)
  await other.converge()
  assert.equal(other.sets().length, 2)
  await converge()
  assert.equal(current().status?.collisionCount, undefined)
})

test('a ReplicaSet that cannot be made is told in condition and event', async () => {
  const { fixture, condition } = setup(deployment('web'))
  fixture.client.fail({
    verb: 'create',
    kind: 'ReplicaSet',
    error: errors.forbidden({ group: 'apps', resource: 'replicasets' }, 'x', 'no'),
    times: 1,
  })
  await assert.rejects(fixture.reconcile('a/web'))
  assert.deepEqual([condition('Progressing')?.reason, fixture.events[0]?.reason], ['ReplicaSetCreateError', 'ReplicaSetCreateError'])
})

test('the annotation of old asks for a revision, and is answered', async () => {
  const { fixture, converge, edit, current } = setup(deployment('web'))
  await converge()
  edit((copy) => (copy.spec!.template = template('two')))
  await converge()
  edit((copy) => (copy.metadata.annotations = { ...copy.metadata.annotations, 'deprecated.deployment.rollback.to': '1' }))
  await converge()
  assert.equal(current().spec?.template.spec?.containers[0]?.image, 'one')
  assert.equal(fixture.events.find(({ reason }) => reason === 'DeploymentRollback')?.message, 'Rolled back deployment "web" to revision 1')
  assert.equal(current().metadata.annotations?.['deprecated.deployment.rollback.to'], undefined)
})
