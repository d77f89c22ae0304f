import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import { TemporaryDirectories } from './testing/temporary-directories.js'

const directories = new TemporaryDirectories()
after(() => directories.remove())

const canTrace = spawnSync('strace', ['-o', '/dev/null', 'true']).status === 0

it('every acknowledgement comes after the flush of its data and of the page that refers to it', {
  skip: canTrace ? false : 'needs strace',
  timeout: 60_000,
}, async () => {
  const directory = directories.make()
  const trace = join(directory, 'trace')
  const script = fileURLToPath(new URL('./testing/write-under-load.js', import.meta.url))
  const calls = 'trace=openat,fdatasync,fsync,pwrite64,pwritev,write'
  const traced = spawn(
    'strace',
    ['-f', '-y', '-e', calls, '-o', trace, process.execPath, script, join(directory, 'data'), '0', '1', '50'],
    {
      stdio: 'ignore',
    },
  )
  const [code] = await once(traced, 'exit')
  assert.equal(code, 0)

  let flushed = false
  let referred = false
  let checked = 0
  for (const line of readFileSync(trace, 'utf8').split('\n')) {
    if (/(fdatasync|fsync)(\(|\s+resumed).*= 0/.test(line)) flushed = true
    // The meta page is written through a descriptor that flushes by itself (O_DSYNC), after the data was.
    else if (/pwrite64\(.*store\.mdb>.*, 1[0-9][0-9], /.test(line) && flushed) referred = true
    else if (/ write\(1<.*"(put|delete) /.test(line)) {
      assert.ok(flushed && referred, `acknowledged too early: ${line}`)
      flushed = false
      referred = false
      checked++
    }
  }
  assert.ok(checked === 50)
})
