import assert from 'node:assert/strict'
import { test } from 'node:test'
import { MessageChannel } from 'node:worker_threads'
import { FakeClock } from '../testing/fake-clock.js'
import { settled } from '../testing/settled.js'
import { type PortClientMessage, type PortServerMessage, portWindow } from './message-port-protocol.js'
import { messagePortTransport } from './message-port-transport.js'

/** The server's end of a port, by hand. */
function setup() {
  const { port1, port2 } = new MessageChannel()
  const clock = new FakeClock()
  const transport = messagePortTransport(port1, { clock })
  const received: PortClientMessage[] = []
  port2.on('message', (message: PortClientMessage) => received.push(message))
  const send = (message: PortServerMessage) => port2.postMessage(message)
  const close = async () => {
    await transport.close()
    port2.close()
  }
  return { transport, received, send, close, clock }
}

test('a request goes over with its body, a whole answer comes back', async () => {
  const { transport, received, send, close } = setup()
  const answer = transport.request({ method: 'POST', path: '/x', headers: { a: 'b' }, body: 'hello' })
  await settled(() => received.length === 1)
  assert.deepEqual(received, [{ type: 'request', id: 1, method: 'POST', path: '/x', headers: { a: 'b' }, body: 'hello' }])
  send({ type: 'head', id: 1, status: 201, headers: { c: 'd' }, body: 'world' })
  const { status, headers, bytes } = await answer
  assert.deepEqual([status, headers, (await bytes()).toString()], [201, { c: 'd' }, 'world'])
  await close()
})

test('an answer in chunks is read as it comes, and acknowledged as it is read', async () => {
  const { transport, received, send, close } = setup()
  const answer = transport.request({ method: 'GET', path: '/x' })
  send({ type: 'head', id: 1, status: 200, headers: {} })
  const chunk = new Uint8Array(portWindow / 2)
  send({ type: 'chunk', id: 1, bytes: chunk })
  const body = (await answer).stream()[Symbol.asyncIterator]()
  assert.equal((await body.next()).value?.length, chunk.length)
  await settled(() => received.length === 1)
  const second = body.next()
  await settled(() => received.length === 2)
  assert.deepEqual(received[1], { type: 'ack', id: 1, bytes: chunk.length })
  send({ type: 'end', id: 1 })
  assert.equal((await second).done, true)
  await close()
})

test('a reader that leaves, a signal that aborts and a deadline that passes cancel the request', async () => {
  const { transport, received, send, close, clock } = setup()
  const left = transport.request({ method: 'GET', path: '/1' })
  send({ type: 'head', id: 1, status: 200, headers: {} })
  send({ type: 'chunk', id: 1, bytes: new Uint8Array(1) })
  for await (const _ of (await left).stream()) break
  const abort = new AbortController()
  const aborted = transport.request({ method: 'GET', path: '/2', signal: abort.signal })
  abort.abort()
  await assert.rejects(aborted, { name: 'TransportError', failure: 'aborted' })
  const late = transport.request({ method: 'GET', path: '/3', timeout: 1000 })
  clock.advance(2000)
  await assert.rejects(late, { name: 'TransportError', failure: 'deadline' })
  await settled(() => received.length === 6)
  assert.deepEqual(
    received.filter(({ type }) => type === 'cancel').map((message) => 'id' in message && message.id),
    [1, 2, 3],
  )
  await close()
})

test('a broken answer fails its reader; a closed port fails all', async () => {
  const { transport, send, close } = setup()
  const broken = transport.request({ method: 'GET', path: '/1' })
  send({ type: 'head', id: 1, status: 200, headers: {} })
  send({ type: 'end', id: 1, error: 'gone' })
  await assert.rejects((await broken).bytes(), { name: 'TransportError', failure: 'connection', message: 'gone' })
  const open = transport.request({ method: 'GET', path: '/2' })
  send({ type: 'close' })
  await assert.rejects(open, { name: 'TransportError', failure: 'closed' })
  await assert.rejects(transport.request({ method: 'GET', path: '/3' }), { failure: 'closed', unsent: true })
  await close()
})
