import assert from 'node:assert/strict'
import { appendFile, mkdtemp, open, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, test } from 'node:test'
import fc from 'fast-check'
import { parseLogQuery } from './log-query.js'
import { type LogQuery, readLog } from './read-log.js'
import { tailOffset } from './tail.js'

let folder: string
let path: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'logs-'))
  path = join(folder, '0.log')
})
afterEach(() => rm(folder, { recursive: true }))

const everything: LogQuery = {
  follow: false,
  timestamps: false,
  tailLines: undefined,
  limitBytes: undefined,
  since: undefined,
  stream: undefined,
}
const record = (second: number, stream: string, tag: string, text: string) =>
  `2026-01-02T03:04:0${second}.123456789Z ${stream} ${tag} ${text}\n`
const sample = [
  record(1, 'stdout', 'F', 'one'),
  record(2, 'stderr', 'F', 'oops'),
  record(3, 'stdout', 'P', 'lo'),
  record(3, 'stdout', 'F', 'ng'),
  record(4, 'stdout', 'F', ''),
  record(5, 'stdout', 'F', 'last  '),
].join('')

async function read(query: Partial<LogQuery>, alive = () => false): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of readLog({ path, alive, signal: new AbortController().signal }, { ...everything, ...query })) chunks.push(chunk)
  return Buffer.concat(chunks).toString()
}

test('lines come back joined, filtered, stamped and limited', async () => {
  await writeFile(path, sample)
  const cases: [Partial<LogQuery>, string][] = [
    [{}, 'one\noops\nlong\n\nlast  \n'],
    [{ tailLines: 3 }, 'long\n\nlast  \n'],
    [{ tailLines: 0 }, ''],
    [{ tailLines: 100 }, 'one\noops\nlong\n\nlast  \n'],
    [{ stream: 'stderr' }, 'oops\n'],
    [{ since: Date.parse('2026-01-02T03:04:04Z') }, '\nlast  \n'],
    [{ limitBytes: 6 }, 'one\noo'],
    [
      { timestamps: true, tailLines: 3 },
      '2026-01-02T03:04:03.123456789Z long\n2026-01-02T03:04:04.123456789Z \n2026-01-02T03:04:05.123456789Z last  \n',
    ],
  ]
  for (const [query, expected] of cases) assert.equal(await read(query), expected, JSON.stringify(query))
})

test('the tail is the same as cutting the whole, across block boundaries', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.integer({ min: 0, max: 40_000 }), { maxLength: 12 }),
      fc.integer({ min: 0, max: 14 }),
      async (lengths, lines) => {
        const all = lengths.map((length, index) => record(1, 'stdout', 'F', `${index}${'x'.repeat(length)}`))
        await writeFile(path, all.join(''))
        const file = await open(path)
        const offset = await tailOffset(file, lines)
        await file.close()
        assert.equal(offset, all.slice(0, Math.max(0, all.length - lines)).join('').length)
      },
    ),
    { numRuns: 40 },
  )
})

test('following sees what is appended, survives rotation, and ends when the container is dead', async () => {
  await writeFile(path, record(1, 'stdout', 'F', 'before'))
  let alive = true
  const seen: string[] = []
  for await (const chunk of readLog({ path, alive: () => alive, signal: new AbortController().signal }, { ...everything, follow: true })) {
    seen.push(chunk.toString())
    if (seen.length === 1) await appendFile(path, record(2, 'stdout', 'F', 'appended'))
    if (seen.length === 2) {
      await rename(path, `${path}.20260102-030405`)
      await writeFile(path, record(3, 'stdout', 'F', 'rotated'))
    }
    if (seen.length === 3) {
      await appendFile(path, record(4, 'stdout', 'F', 'end'))
      alive = false
    }
  }
  assert.equal(seen.join(''), 'before\nappended\nrotated\nend\n')
})

test('following ends with its reader', async () => {
  await writeFile(path, sample)
  const abort = new AbortController()
  const reading = (async () => {
    for await (const chunk of readLog({ path, alive: () => true, signal: abort.signal }, { ...everything, follow: true })) void chunk
  })()
  abort.abort()
  await reading
})

test('queries are checked', () => {
  const parse = (text: string) => parseLogQuery(new URLSearchParams(text), 1_000_000)
  assert.deepEqual(parse('follow=true&tailLines=5&sinceSeconds=10&limitBytes=9&timestamps=1&previous=false'), {
    follow: true,
    previous: false,
    timestamps: true,
    tailLines: 5,
    limitBytes: 9,
    since: 990_000,
    stream: undefined,
  })
  for (const bad of [
    'sinceSeconds=1&sinceTime=2026-01-02T03:04:05Z',
    'tailLines=-1',
    'limitBytes=x',
    'sinceTime=yesterday',
    'stream=both',
  ]) {
    assert.throws(() => parse(bad), { name: 'LogQueryError' }, bad)
  }
})
