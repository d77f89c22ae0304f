import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ConfigMap } from '@treeline/api'
import { createClient } from '../rest/create-client.js'
import { FakeClock } from '../testing/fake-clock.js'
import { type ScriptedAnswer, ScriptedTransport } from '../testing/scripted-transport.js'
import { settled } from '../testing/settled.js'
import { TransportError } from '../transport.js'
import { Informers } from './informers.js'

/** A watch whose events are given one after another. */
class Feed implements AsyncIterable<string> {
  private readonly queue: string[] = []
  private wake: () => void = () => undefined
  private over = false

  send(type: string, name: string, resourceVersion: string, extra: object = {}): this {
    return this.line({ type, object: { metadata: { name, namespace: 'a', uid: name, resourceVersion, ...extra } } })
  }
  bookmark(resourceVersion: string, initial = false): this {
    const annotations = initial ? { 'k8s.io/initial-events-end': 'true' } : {}
    return this.line({ type: 'BOOKMARK', object: { metadata: { resourceVersion, annotations } } })
  }
  line(event: object): this {
    this.queue.push(`${JSON.stringify(event)}\n`)
    this.wake()
    return this
  }
  end(): this {
    this.over = true
    this.wake()
    return this
  }
  async *[Symbol.asyncIterator](): AsyncGenerator<string> {
    for (;;) {
      const next = this.queue.shift()
      if (next !== undefined) yield next
      else if (this.over) return
      else await new Promise<void>((resolve) => (this.wake = resolve))
    }
  }
}

const expired = { type: 'ERROR', object: { kind: 'Status', code: 410, reason: 'Expired', message: 'too old' } }

function setup(answers: (path: string, count: number) => ScriptedAnswer) {
  const clock = new FakeClock()
  const transport = new ScriptedTransport(({ path }, count) => answers(path, count))
  const informers = new Informers(createClient(transport, { clock }), { clock, random: () => 0 })
  const informer = informers.informer(ConfigMap)
  const events: string[] = []
  informer.subscribe(({ type, object, old }) => {
    events.push(`${type} ${object.metadata.name}@${object.metadata.resourceVersion}${old ? ` was ${old.metadata.resourceVersion}` : ''}`)
  })
  return { clock, transport, informers, informer, events }
}

const watchList =
  '/api/v1/configmaps?watch=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true&sendInitialEvents=true&timeoutSeconds=300'
const watchFrom = (version: string) =>
  `/api/v1/configmaps?watch=true&resourceVersion=${version}&allowWatchBookmarks=true&timeoutSeconds=300`

test('the first state comes as a stream that ends with a bookmark, changes come after it', async () => {
  const feed = new Feed().send('ADDED', 'x', '1').send('ADDED', 'y', '2')
  const { transport, informer, informers, events } = setup(() => ({ body: feed }))
  await settled(() => transport.requests.length === 1)
  assert.equal(informer.synced, false)
  assert.deepEqual(events, [])
  feed.bookmark('2', true).send('MODIFIED', 'x', '3').send('DELETED', 'y', '4')
  await informer.whenSynced()
  await settled(() => events.length === 4)
  assert.deepEqual(events, ['added x@1', 'added y@2', 'updated x@3 was 1', 'deleted y@2'])
  assert.deepEqual(
    informer.list().map(({ metadata }) => metadata.name),
    ['x'],
  )
  assert.deepEqual(
    transport.requests.map(({ path }) => path),
    [watchList],
  )
  feed.end()
  await informers.close()
})

test('a watch that ends goes on from the last version seen, bookmarks included', async () => {
  const feeds = [new Feed().send('ADDED', 'x', '1').bookmark('1', true).bookmark('9').end(), new Feed().send('MODIFIED', 'x', '12')]
  const { transport, informers, events } = setup((_, count) => ({ body: feeds[count - 1] }))
  await settled(() => events.length === 2)
  assert.deepEqual(
    transport.requests.map(({ path }) => path),
    [watchList, watchFrom('9')],
  )
  assert.deepEqual(events, ['added x@1', 'updated x@12 was 1'])
  feeds[1]!.end()
  await informers.close()
})

test('lost history is made up for: what is gone, new or changed is told, what is the same is not', async () => {
  const feeds = [
    new Feed().send('ADDED', 'x', '1').send('ADDED', 'y', '2').send('ADDED', 'z', '3').bookmark('3', true).line(expired),
    new Feed().send('ADDED', 'y', '2').send('ADDED', 'z', '8').send('ADDED', 'w', '7').bookmark('9', true),
  ]
  const { informers, events } = setup((_, count) => ({ body: feeds[count - 1] }))
  await settled(() => events.length === 6)
  assert.deepEqual(events.slice(3), ['updated z@8 was 3', 'added w@7', 'deleted x@1'])
  feeds[1]!.end()
  await informers.close()
})

test('a server that does not stream initial events is listed by pages', async () => {
  const feed = new Feed()
  const invalid = { kind: 'Status', code: 422, reason: 'Invalid', message: 'sendInitialEvents is forbidden' }
  const item = (name: string) => ({ metadata: { name, namespace: 'a', uid: name, resourceVersion: '1' } })
  const { transport, informer, informers } = setup((path) => {
    if (path.includes('sendInitialEvents')) return { status: 422, body: invalid }
    if (path.includes('watch=true')) return { body: feed }
    if (path.includes('continue')) return { body: { metadata: { resourceVersion: '5' }, items: [item('y')] } }
    return { body: { metadata: { resourceVersion: '5', continue: 'more' }, items: [item('x')] } }
  })
  await settled(() => transport.requests.length === 4)
  assert.deepEqual(
    transport.requests.map(({ path }) => path),
    [watchList, '/api/v1/configmaps?limit=500', '/api/v1/configmaps?limit=500&continue=more', watchFrom('5')],
  )
  assert.deepEqual(
    informer.list().map(({ metadata }) => metadata.name),
    ['x', 'y'],
  )
  feed.end()
  await informers.close()
})

test('an object made anew under its name is one deleted and one added', async () => {
  const feed = new Feed().send('ADDED', 'x', '1').bookmark('1', true).send('MODIFIED', 'x', '5', { uid: 'another' })
  const { informers, events } = setup(() => ({ body: feed }))
  await settled(() => events.length === 3)
  assert.deepEqual(events, ['added x@1', 'deleted x@1', 'added x@5'])
  feed.end()
  await informers.close()
})

test('managed fields are not kept', async () => {
  const feed = new Feed().send('ADDED', 'x', '1', { managedFields: [{ manager: 'm' }] }).bookmark('1', true)
  const { informer, informers } = setup(() => ({ body: feed }))
  await informer.whenSynced()
  assert.equal(informer.get('a/x')?.metadata.managedFields, undefined)
  feed.end()
  await informers.close()
})

test('an unreachable server is asked again after 800 ms, 1.6 s, …, by all informers together', async () => {
  const clock = new FakeClock()
  const transport = new ScriptedTransport(() => ({ error: new TransportError('connection', 'refused') }))
  const informers = new Informers(createClient(transport, { clock }), { clock, random: () => 0 })
  informers.informer(ConfigMap)
  informers.informer({ ...ConfigMap, plural: 'others' })
  await settled(() => transport.requests.length === 2 && clock.nextTimer === clock.now() + 800)
  clock.advance(800)
  await settled(() => transport.requests.length === 4 && clock.nextTimer === clock.now() + 1600)
  await informers.close()
})

test('a kind is watched once, whoever asks; metadata alone is shared with the whole', async () => {
  const feed = new Feed().bookmark('1', true)
  const { transport, informer, informers } = setup(() => ({ body: feed }))
  assert.equal(informers.informer(ConfigMap), informer)
  assert.equal(informers.metadataInformer(ConfigMap), informer)
  await informer.whenSynced()
  assert.equal(transport.requests.length, 1)
  assert.throws(() => informers.cache.get({ ...ConfigMap, plural: 'others' }, 'a/x'), /not watched/)
  feed.end()
  await informers.close()
})
