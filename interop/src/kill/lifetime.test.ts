// Two clusters side by side, a directory that is taken, and an end by Ctrl-C.
import assert from 'node:assert/strict'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { eventually } from '../main-job/kubectl.js'
import { send, serverOf } from '../oracle/server.js'
import { startTreeline, type TreelineProcess } from './treeline-process.js'

let directory: string
const running: TreelineProcess[] = []
const up = (name: string): TreelineProcess => {
  const started = startTreeline(['up', '--nodes', '1', '--port', '0', '--data-dir', join(directory, name), '--json'])
  running.push(started)
  return started
}

before(async () => {
  directory = await mkdtemp(join(tmpdir(), 'lifetime-'))
})

after(async () => {
  for (const { child, ended } of running) {
    child.kill('SIGKILL')
    await ended
  }
  await rm(directory, { recursive: true, force: true })
})

test('two clusters run side by side, one directory belongs to one, and Ctrl-C leaves nothing', { timeout: 120_000 }, async () => {
  const [one, two] = [up('one'), up('two')]
  await Promise.all([one.ready, two.ready])
  const [first, second] = [serverOf(join(directory, 'one', 'kubeconfig')), serverOf(join(directory, 'two', 'kubeconfig'))]
  assert.notEqual(first.url.port, second.url.port)
  for (const server of [first, second])
    await eventually(async () => {
      const { text } = await send(server, { method: 'GET', path: '/api/v1/nodes' })
      assert.match(text, /"type":"Ready","status":"True"|"status":"True"[^}]*"type":"Ready"/)
    })
  await send(first, { method: 'POST', path: '/api/v1/namespaces', body: { metadata: { name: 'only-here' } } })
  assert.equal((await send(second, { method: 'GET', path: '/api/v1/namespaces/only-here' })).code, 404)

  const refused = up('one')
  assert.equal(await refused.ended, 1)
  assert.match(refused.output(), new RegExp(`in use: a cluster runs from it as process ${one.child.pid}`))
  assert.equal((await send(first, { method: 'GET', path: '/readyz' })).code, 200)

  const listeners = await listenersOf(one.child.pid ?? 0)
  assert.ok(listeners.includes(Number(first.url.port)))
  const asked = performance.now()
  one.child.kill('SIGINT')
  assert.equal(await one.ended, 0, one.output())
  assert.ok(performance.now() - asked < 5_000, `took ${Math.round(performance.now() - asked)} ms`)
  await assert.rejects(connects(Number(first.url.port)))
  assert.deepEqual(await socketsBelow(join(directory, 'one')), [])
  assert.deepEqual(await childrenOf(one.child.pid ?? 0), [])
  first.agent.destroy()
  assert.equal((await send(second, { method: 'GET', path: '/readyz' })).code, 200)
  second.agent.destroy()
})

function connects(port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy()
      resolve()
    })
    socket.on('error', reject)
  })
}

/** Ports that a process listens on, from the kernel's own tables. */
async function listenersOf(pid: number): Promise<number[]> {
  const table = (await readFile(`/proc/${pid}/net/tcp`, 'utf8')).split('\n').slice(1)
  return table.filter((line) => / 0A /.test(line)).map((line) => Number.parseInt(line.trim().split(/\s+/)[1]?.split(':')[1] ?? '', 16))
}

async function socketsBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  return entries.filter((entry) => entry.isSocket()).map((entry) => entry.name)
}

/** Processes whose parent is, or was, this one. */
async function childrenOf(pid: number): Promise<string[]> {
  const children: string[] = []
  for (const name of await readdir('/proc')) {
    if (!/^\d+$/.test(name)) continue
    const stat = await readFile(`/proc/${name}/stat`, 'utf8').catch(() => '')
    if (stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1] === String(pid)) children.push(name)
  }
  return children
}
