import assert from 'node:assert/strict'
import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { removePodCgroup } from './remove-cgroup.js'

test('the empty cgroups of a pod go from every hierarchy, and nobody else loses any', async () => {
  const root = await mkdtemp(join(tmpdir(), 'cgroup-'))
  for (const path of ['cpu/kubepods/burstable/poda/child', 'memory/kubepods/poda', 'memory/kubepods/podb', 'systemd/other']) {
    await mkdir(join(root, path), { recursive: true })
  }
  await removePodCgroup('a', root)
  assert.deepEqual(await readdir(join(root, 'cpu/kubepods/burstable')), [])
  assert.deepEqual(await readdir(join(root, 'memory/kubepods')), ['podb'])
  await removePodCgroup('none', root)
  await removePodCgroup('a', join(root, 'absent'))
  await rm(root, { recursive: true })
})
