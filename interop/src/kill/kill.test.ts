// A process that is killed under write load and started again: nothing acknowledged is lost, no event is missed.
import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { eventually } from '../main-job/kubectl.js'
import { type Server, send, serverOf } from '../oracle/server.js'
import { type Seen, watchUntilGone } from './resuming-watch.js'
import { startTreeline } from './treeline-process.js'
import { type Acknowledged, nothingAcknowledged, writeUntilGone } from './write-load.js'

const kills = Number(process.env['TREELINE_KILLS'] ?? 8)
const writers = 8

test(`${kills} kills under write load lose nothing`, { timeout: 60_000 + kills * 15_000 }, async () => {
  const directory = await mkdtemp(join(tmpdir(), 'kill-'))
  const acknowledged = nothingAcknowledged()
  const seen: Seen = { last: '0', versions: new Set(), deleted: new Set(), errors: [] }
  const life = async (number: number): Promise<void> => {
    const treeline = startTreeline(['up', '--nodes', '1', '--port', '0', '--data-dir', directory, '--json'])
    const stop = new AbortController()
    try {
      await treeline.ready
      const server = serverOf(join(directory, 'kubeconfig'))
      if (number === 0) seen.last = await listVersion(server)
      const watching = watchUntilGone(server, seen, stop.signal)
      await checkEverythingThere(server, acknowledged)
      await eventually(async () => {
        const missed = [...acknowledged.versions].filter((version) => !seen.versions.has(version))
        assert.deepEqual(missed, [], `resourceVersions whose events were missed after kill ${number}`)
        assert.deepEqual(
          [...acknowledged.deleted].filter((name) => !seen.deleted.has(name)),
          [],
        )
      })
      assert.deepEqual(seen.errors, [])
      if (number === kills) return
      const writing = Array.from({ length: writers }, (_, writer) =>
        writeUntilGone(server, `l${number}-w${writer}`, acknowledged, stop.signal),
      )
      // the moment is what is drawn here, so it is no condition to wait for
      await sleep(20 + Math.random() * 500)
      treeline.child.kill('SIGKILL')
      await Promise.all([...writing, watching, treeline.ended])
      server.agent.destroy()
    } finally {
      stop.abort()
      treeline.child.kill('SIGKILL')
      await treeline.ended
    }
  }
  try {
    for (let number = 0; number <= kills; number++) await life(number)
    console.log(`${kills} kills, ${acknowledged.versions.size} acknowledged writes, ${seen.versions.size} events seen`)
    assert.ok(acknowledged.versions.size > kills * 10, 'the load was no load')
  } finally {
    await rm(directory, { recursive: true, force: true })
  }
})

async function listVersion(server: Server): Promise<string> {
  const { text } = await send(server, { method: 'GET', path: '/api/v1/namespaces/default/configmaps?labelSelector=load%3Dkill' })
  return (JSON.parse(text) as { metadata: { resourceVersion: string } }).metadata.resourceVersion
}

interface Listed {
  readonly items: readonly { readonly metadata: { readonly name: string }; readonly data: { readonly value: string } }[]
}

async function checkEverythingThere(server: Server, { values, deleted, uncertain }: Acknowledged): Promise<void> {
  const { text } = await send(server, { method: 'GET', path: '/api/v1/namespaces/default/configmaps?labelSelector=load%3Dkill' })
  const found = new Map((JSON.parse(text) as Listed).items.map(({ metadata, data }) => [metadata.name, Number(data.value)]))
  for (const [name, value] of values) {
    const there = found.get(name)
    // a request without an answer may have been done: a later value, or the end of the object
    if (there === undefined && uncertain.has(name) && value === 2) continue
    assert.ok(there !== undefined && there >= value, `${name} was acknowledged with ${value} and is ${there ?? 'gone'}`)
  }
  for (const name of deleted) assert.ok(!found.has(name), `${name} was deleted and is back`)
}
