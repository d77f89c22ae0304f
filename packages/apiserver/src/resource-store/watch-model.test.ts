import assert from 'node:assert/strict'
import { it } from 'node:test'
import { Pod } from '@treeline/api'
import { deepEqual, parseFieldSelector, parseLabelSelector } from '@treeline/machinery'
import { openMemoryStore } from '@treeline/storage'
import fc from 'fast-check'
import { KindStore } from './kind-store.js'
import { type ListRequest, remove, type StoredEvent } from './resource-store.js'
import { logWatch } from './watch-log.js'

type State = ReadonlyMap<string, string>

const operation = fc.record({
  namespace: fc.constantFrom('m', 'n'),
  name: fc.constantFrom('a', 'b', 'c'),
  remove: fc.boolean(),
  app: fc.constantFrom('x', 'y'),
  node: fc.constantFrom('', 'n1', 'n2'),
})

const labels = fc.constantFrom(undefined, 'app=x', 'app!=x', 'app in (x,y)', '!app')
const fields = fc.constantFrom(
  undefined,
  'spec.nodeName=n1',
  'spec.nodeName=',
  'spec.nodeName!=n2',
  'metadata.name=a',
  'metadata.namespace=m',
)
const selection = fc.record({ namespace: fc.constantFrom(undefined, 'm', 'n'), labels, fields })

it('a list at any revision, with the events that a watch gets from there, makes the list of now', { timeout: 120_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(operation, { minLength: 1, maxLength: 25 }),
      fc.array(selection, { minLength: 1, maxLength: 6 }),
      fc.integer({ min: 1, max: 30 }),
      async (operations, selections, kept) => {
        const store = openMemoryStore()
        const historyLimits = { fewest: kept, most: kept, bytes: 1_000_000, age: 1_000_000 }
        const pods = new KindStore(store, Pod, { historyLimits })
        await pods.ready
        const requests = selections.map((chosen) => requestOf(chosen))
        const live = requests.map((request) => logWatch(pods, { ...request, resourceVersion: '1' }))
        const all = logWatch(pods, { resourceVersion: '1' })
        for (const step of operations) await apply(pods, step)
        const now = store.revision
        await all.count(now - 1)
        for (const [index, request] of requests.entries()) {
          const final = await stateAt(pods, request, now)
          assert.deepEqual(replay(new Map(), live[index]?.events ?? []), final)
          for (let revision = 1; revision <= now; revision++) {
            const before = await stateAt(pods, request, revision)
            assert.deepEqual(await pagedStateAt(pods, request, revision), before)
            if (revision < now - kept) continue
            const watch = logWatch(pods, { ...request, resourceVersion: String(revision) })
            const end = logWatch(pods, { resourceVersion: String(now - 1) })
            await end.count(1)
            assert.deepEqual(replay(before, watch.events), final)
            watch.stop()
            end.stop()
          }
        }
        pods.close()
        await store.close()
      },
    ),
    { numRuns: 40 },
  )
})

function requestOf(chosen: { namespace?: string; labels?: string; fields?: string }): ListRequest {
  return {
    namespace: chosen.namespace,
    labelSelector: chosen.labels === undefined ? undefined : parseLabelSelector(chosen.labels),
    fieldSelector: chosen.fields === undefined ? undefined : parseFieldSelector(chosen.fields),
  }
}

async function apply(pods: KindStore<Pod>, step: { namespace: string; name: string; remove: boolean; app: string; node: string }) {
  const { namespace, name } = step
  const pod: Pod = {
    metadata: { namespace, name, labels: { app: step.app } },
    spec: { containers: [], ...(step.node !== '' && { nodeName: step.node }) },
  }
  if (!pods.get(namespace, name)) await pods.create(pod)
  else await pods.update(namespace, name, () => (step.remove ? remove : pod))
}

async function stateAt(pods: KindStore<Pod>, request: ListRequest, revision: number): Promise<State> {
  const page = await pods.list({ ...request, resourceVersion: String(revision), resourceVersionMatch: 'Exact' })
  assert.equal(page.revision, revision)
  return new Map(page.items.map((stored) => [stored.key, stored.bytes.toString()]))
}

async function pagedStateAt(pods: KindStore<Pod>, request: ListRequest, revision: number): Promise<State> {
  const state = new Map<string, string>()
  let page = await pods.list({ ...request, resourceVersion: String(revision), resourceVersionMatch: 'Exact', limit: 2 })
  for (;;) {
    for (const stored of page.items) state.set(stored.key, stored.bytes.toString())
    if (page.continueToken === undefined) return state
    page = await pods.list({ ...request, limit: 2, continueToken: page.continueToken })
  }
}

/** What a client makes of events; each must fit what the client has. */
function replay(state: State, events: readonly StoredEvent[]): State {
  const result = new Map(state)
  let last = 0
  for (const { type, revision, stored, line } of events) {
    assert.ok(revision > last)
    last = revision
    const { type: told, object } = JSON.parse(line.toString())
    assert.equal(told, type)
    assert.ok(deepEqual(object, stored.object))
    assert.equal(object.metadata.resourceVersion, String(revision))
    const had = result.get(stored.key)
    assert.equal(had !== undefined, type !== 'ADDED', `${type} of ${stored.key} at ${revision}`)
    if (type !== 'DELETED') result.set(stored.key, stored.bytes.toString())
    else {
      const { metadata, ...content } = JSON.parse(had ?? '')
      assert.deepEqual(object, { ...content, metadata: { ...metadata, resourceVersion: String(revision) } })
      result.delete(stored.key)
    }
  }
  return new Map([...result].sort(([a], [b]) => (a < b ? -1 : 1)))
}
