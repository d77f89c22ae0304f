import assert from 'node:assert/strict'
import { mkdtemp, readdir, readFile, readlink, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, test } from 'node:test'
import { type Payload, writeAtomically, writeFirst } from './atomic-writer.js'
import { digestOf, WrittenVolumes } from './written-volumes.js'

let volume: string
beforeEach(async () => {
  volume = await mkdtemp(join(tmpdir(), 'volume-'))
})
afterEach(() => rm(volume, { recursive: true }))

const nobody = { uid: undefined, gid: undefined }
const payload = (files: Record<string, string>, mode = 0o644): Payload =>
  new Map(Object.entries(files).map(([path, text]) => [path, { data: Buffer.from(text), mode }]))

test('files appear as links through ..data, nested paths through their first directory', async () => {
  assert.equal(await writeAtomically(volume, payload({ 'a.txt': 'one', 'dir/b.txt': 'two' }, 0o400), nobody), true)
  assert.equal(await readFile(join(volume, 'a.txt'), 'utf8'), 'one')
  assert.equal(await readFile(join(volume, 'dir/b.txt'), 'utf8'), 'two')
  assert.equal(await readlink(join(volume, 'dir')), '..data/dir')
  assert.equal((await stat(join(volume, 'a.txt'))).mode & 0o777, 0o400)
  assert.match(await readlink(join(volume, '..data')), /^\.\.\d{4}_\d\d_\d\d_\d\d_\d\d_\d\d\.\d+$/)
})

test('the same payload writes nothing but repairs a missing link', async () => {
  await writeAtomically(volume, payload({ a: '1' }), nobody)
  const before = await readlink(join(volume, '..data'))
  await rm(join(volume, 'a'))
  assert.equal(await writeAtomically(volume, payload({ a: '1' }), nobody), false)
  assert.equal(await readlink(join(volume, '..data')), before)
  assert.equal(await readFile(join(volume, 'a'), 'utf8'), '1')
})

test('a change of content, of mode or of names replaces the whole and leaves nothing behind', async () => {
  await writeAtomically(volume, payload({ a: '1', b: '2' }), nobody)
  assert.equal(await writeAtomically(volume, payload({ a: '1', b: '2' }, 0o600), nobody), true)
  assert.equal(await writeAtomically(volume, payload({ a: 'new', c: '3' }), nobody), true)
  assert.equal(await readFile(join(volume, 'a'), 'utf8'), 'new')
  const data = await readlink(join(volume, '..data'))
  assert.deepEqual((await readdir(volume)).sort(), [data, '..data', 'a', 'c'].sort())
})

test('an empty payload empties the volume', async () => {
  await writeAtomically(volume, payload({ a: '1' }), nobody)
  assert.equal(await writeAtomically(volume, payload({}), nobody), true)
  assert.deepEqual(
    (await readdir(volume)).filter((name) => !name.startsWith('..')),
    [],
  )
})

test('a reader during updates sees one version of all files or another', async () => {
  const versions = ['x'.repeat(1_000), 'y'.repeat(1_000)]
  await writeAtomically(volume, payload({ a: versions[0]!, b: versions[0]! }), nobody)
  let writing = true
  const reader = async () => {
    while (writing) {
      const folder = await readlink(join(volume, '..data'))
      const [a, b] = await Promise.all(
        ['a', 'b'].map((name) => readFile(join(volume, folder, name), 'utf8').catch(() => 'replaced meanwhile')),
      )
      if (a !== 'replaced meanwhile' && b !== 'replaced meanwhile') assert.equal(a, b)
    }
  }
  const reading = reader()
  for (let turn = 0; turn < 30; turn++) {
    const text = versions[turn % 2]!
    await writeAtomically(volume, payload({ a: text, b: text }), nobody)
  }
  writing = false
  await reading
})

test('paths that leave the volume are refused before anything is written', async () => {
  for (const path of ['/etc/passwd', '../up', 'a/../../b', '..data', 'a//b', '', 'x'.repeat(300)]) {
    await assert.rejects(writeAtomically(volume, payload({ ok: '1', [path]: 'bad' }), nobody), /invalid path/, path)
  }
  assert.deepEqual(await readdir(volume), [])
})

test('a first write leaves what any other write would, and the next one takes it over', async () => {
  const files = payload({ 'a.txt': 'one', 'dir/b.txt': 'two' }, 0o400)
  await writeFirst(volume, files, nobody)
  assert.equal(await readFile(join(volume, 'dir/b.txt'), 'utf8'), 'two')
  assert.equal(await writeAtomically(volume, files, nobody), false)
  assert.deepEqual((await readdir(volume)).filter((name) => !name.startsWith('..2')).sort(), ['..data', 'a.txt', 'dir'])
  await assert.rejects(writeFirst(volume, payload({ '../out': 'x' }), nobody), /must not contain/)
})

test('a volume is known as written for a while, for this payload and mode, until it is forgotten', () => {
  let now = 0
  const written = new WrittenVolumes({ now: () => now, after: () => () => undefined }, 100)
  const digest = digestOf(payload({ a: '1' }))
  written.note('uid', 'v', digest)
  assert.equal(written.holds('uid', 'v', digest), true)
  assert.equal(written.holds('uid', 'v', digestOf(payload({ a: '1' }, 0o600))), false)
  assert.equal(written.holds('uid', 'v', digestOf(payload({ a: '2' }))), false)
  now = 100
  assert.equal(written.holds('uid', 'v', digest), false)
  now = 50
  written.forget('uid')
  assert.equal(written.holds('uid', 'v', digest), false)
})
