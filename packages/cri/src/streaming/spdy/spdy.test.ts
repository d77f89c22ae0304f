import assert from 'node:assert/strict'
import { connect, createServer, type Socket } from 'node:net'
import { test } from 'node:test'
import { constants, createDeflate, type Deflate } from 'node:zlib'
import fc from 'fast-check'
import { headerDictionary, headerDictionaryId } from './dictionary.js'
import { dataFrame, FrameReader } from './frames.js'
import { HeaderDecoder, HeaderEncoder } from './header-block.js'
import { SpdyConnection } from './spdy-connection.js'
import type { SpdyStream } from './spdy-stream.js'

async function sockets(): Promise<[Socket, Socket]> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const accepted = new Promise<Socket>((resolve) => server.once('connection', resolve))
  const { port } = server.address() as { port: number }
  const client = connect(port, '127.0.0.1')
  const pair: [Socket, Socket] = [client, await accepted]
  server.close()
  return pair
}

async function pair(opened: (stream: SpdyStream) => void) {
  const [near, far] = await sockets()
  const client = new SpdyConnection(near, { role: 'client' })
  const server = new SpdyConnection(far, { role: 'server', opened })
  return { client, server, near, far }
}

async function text(stream: SpdyStream): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of stream) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString()
}

test('the dictionary is the one that everyone has', () => {
  assert.equal(headerDictionary.length, 1423)
  let [a, b] = [1, 0]
  for (const byte of headerDictionary) {
    a = (a + byte) % 65_521
    b = (b + a) % 65_521
  }
  assert.equal((b * 65_536 + a) >>> 0, headerDictionaryId)
})

test('header blocks survive the way out and in, one after the other', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.dictionary(fc.stringMatching(/^[a-z-]{1,20}$/), fc.string()), { maxLength: 5 }), async (blocks) => {
      const encoder = new HeaderEncoder()
      const decoder = new HeaderDecoder()
      for (const block of blocks) {
        const headers = new Map(Object.entries(block))
        assert.deepEqual(await decoder.decode(encoder.encode(headers)), headers)
      }
      decoder.close()
    }),
    { numRuns: 50 },
  )
})

test('every header block ends where a reader may stop: in an empty stored block', () => {
  const encoder = new HeaderEncoder()
  for (const block of [encoder.encode(new Map()), encoder.encode(new Map([['name', 'value']]))]) {
    assert.deepEqual([...block.subarray(-5)], [0, 0, 0, 0xff, 0xff])
  }
})

test('blocks that a real compressor made are understood', async () => {
  const deflate = createDeflate({ dictionary: headerDictionary, flush: constants.Z_SYNC_FLUSH })
  const decoder = new HeaderDecoder()
  for (const headers of [{ streamtype: 'stdin' }, { streamtype: 'stdout', port: '8080' }]) {
    const parts = [Buffer.from([0, 0, 0, Object.keys(headers).length])]
    for (const word of Object.entries(headers).flat()) parts.push(Buffer.from([0, 0, 0, word.length]), Buffer.from(word))
    assert.deepEqual(Object.fromEntries(await decoder.decode(await compressed(deflate, Buffer.concat(parts)))), headers)
  }
  decoder.close()
})

function compressed(deflate: Deflate, block: Buffer): Promise<Buffer> {
  return new Promise((resolve) => {
    const out: Buffer[] = []
    const collect = (chunk: Buffer) => out.push(chunk)
    deflate.on('data', collect)
    deflate.write(block, () => {
      deflate.removeListener('data', collect)
      resolve(Buffer.concat(out))
    })
  })
}

test('a block that inflates too far is refused', async () => {
  const decoder = new HeaderDecoder()
  const deflate = createDeflate({ dictionary: headerDictionary, flush: constants.Z_SYNC_FLUSH })
  await assert.rejects(async () => decoder.decode(await compressed(deflate, Buffer.alloc(4 << 20))))
})

test('frames are cut right wherever the chunks end', () => {
  const bytes = Buffer.concat([...dataFrame(1, Buffer.from('hello'), false), ...dataFrame(3, Buffer.alloc(0), true)])
  for (let cut = 0; cut <= bytes.length; cut++) {
    const reader = new FrameReader()
    const frames = [...reader.read(bytes.subarray(0, cut)), ...reader.read(bytes.subarray(cut))]
    assert.deepEqual(
      frames.map((frame) => frame.type === 'data' && [frame.streamId, frame.fin, frame.data.toString()]),
      [
        [1, false, 'hello'],
        [3, true, ''],
      ],
    )
  }
})

test('streams echo, with halves that close on their own', async () => {
  const { client, near } = await pair((stream) => {
    text(stream).then((got) => stream.end(`${stream.headers.get('name')}: ${got}`))
  })
  const answers = await Promise.all(
    ['a', 'b', 'c'].map(async (name) => {
      const stream = await client.open(new Map([['name', name]]))
      stream.write('some ')
      stream.end('text')
      return text(stream)
    }),
  )
  assert.deepEqual(answers, ['a: some text', 'b: some text', 'c: some text'])
  client.close()
  await client.whenClosed()
  assert.ok(near.destroyed)
})

test('bulk in both directions arrives whole', async () => {
  const { client } = await pair((stream) => stream.pipe(stream))
  const stream = await client.open(new Map())
  const sent = Buffer.alloc(8 << 20, 'abcdefgh')
  stream.end(sent)
  const chunks: Buffer[] = []
  for await (const chunk of stream) chunks.push(chunk as Buffer)
  assert.ok(Buffer.concat(chunks).equals(sent))
  client.close()
})

test('a stream that nobody reads holds the connection back instead of filling memory', async () => {
  let reader = undefined as SpdyStream | undefined
  const { client, near, far } = await pair((stream) => {
    reader = stream
  })
  const stream = await client.open(new Map())
  const block = Buffer.alloc(1 << 20)
  let written = 0
  const writing = (async () => {
    for (; written < 64; written++) if (!stream.write(block)) await new Promise<void>((resolve) => stream.once('drain', resolve))
    stream.end()
  })()
  while (near.writableLength === 0 || reader === undefined) await new Promise((resolve) => setImmediate(resolve))
  assert.ok(reader.readableLength < 1 << 20 && far.bytesRead < 4 << 20)
  reader.resume()
  await writing
  client.close()
})

test('refusals, resets and lost connections end the streams they belong to', async () => {
  const { client, far } = await pair((stream) => {
    if (stream.headers.get('kind') === 'bad') throw new Error('no')
    if (stream.headers.get('kind') === 'short') setImmediate(() => stream.destroy())
  })
  await assert.rejects(client.open(new Map([['kind', 'bad']])), /reset the stream with status 3/)
  const short = await client.open(new Map([['kind', 'short']]))
  assert.equal(await text(short).catch(() => 'broken'), 'broken')
  const long = await client.open(new Map([['kind', 'long']]))
  far.destroy()
  await text(long).catch(() => undefined)
  await client.whenClosed()
  await assert.rejects(client.open(new Map()))
})
