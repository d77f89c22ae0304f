// Nonsense over TLS with keep-alive: each request is refused with a Status, and the server stays as it was.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type RawAnswer, type Request, send } from '../oracle/server.js'
import { malformedRequest } from './malformed-request.js'
import { randomFrom } from './random.js'
import { startTreelineServer } from './server-process.js'

const count = Number(process.env['TREELINE_FUZZ'] ?? 3_000)
const seed = Number(process.env['TREELINE_SEED'] ?? Date.now() % 2 ** 31)
const inFlight = 16
const mebibyte = 1024 * 1024

test(`${count} malformed requests are refused, seed ${seed}`, { timeout: 60_000 + count * 20 }, async () => {
  console.log(`TREELINE_SEED=${seed}`)
  const running = await startTreelineServer()
  try {
    const { server } = running
    const target = { metadata: { name: 'target' }, data: { a: '1' } }
    assert.equal((await send(server, { method: 'POST', path: '/api/v1/namespaces/default/configmaps', body: target })).code, 201)
    const random = randomFrom(seed)
    const wrong: string[] = []
    let memoryAfterStart = 0
    for (let sent = 0; sent < count; sent += inFlight) {
      // what the server needs once, such as compiled schemas, is there after the first part
      if (memoryAfterStart === 0 && sent >= Math.min(count / 3, 5_000)) memoryAfterStart = await running.memory()
      const requests = Array.from({ length: inFlight }, () => malformedRequest(random))
      const answers = await Promise.all(requests.map((request) => send(server, request)))
      answers.forEach((answer, index) => {
        const complaint = complaintOf(answer)
        const request = requests[index]
        if (complaint && request) wrong.push(`${complaint}: ${shown(request)}`)
      })
      if (wrong.length > 20) break
    }
    assert.deepEqual(wrong, [], `seed ${seed}`)
    const after = await send(server, { method: 'GET', path: '/api/v1/namespaces/default/configmaps/target' })
    assert.deepEqual((JSON.parse(after.text) as typeof target).data, target.data)
    const grown = ((await running.memory()) - memoryAfterStart) / mebibyte
    console.log(`memory grew by ${Math.round(grown)} MiB after the first part`)
    assert.ok(grown < 150, `memory grew by ${grown} MiB`)
  } finally {
    await running.stop()
  }
})

/** What is wrong with an answer; undefined when it is a refusal as it should be. */
function complaintOf({ code, text }: RawAnswer): string | undefined {
  // upstream's answer to a watch from a version that is no number, to which the oracle holds us
  if (code === 500 && /"message":"resourceVersion: Invalid value/.test(text)) return undefined
  if (code < 400 || code > 499) return `${code} ${text.slice(0, 200)}`
  try {
    const { kind, status, code: inBody } = JSON.parse(text) as { kind?: string; status?: string; code?: number }
    if (kind === 'Status' && status === 'Failure' && inBody === code) return undefined
  } catch {
    // said below
  }
  // as upstream, an address that no handler knows is answered in text, and so is what HTTP itself refuses
  return /^404 page not found/.test(text) || code === 400 ? undefined : `${code} without a Status: ${text.slice(0, 200)}`
}

const shown = ({ method, path, type, body, accept, headers }: Request): string =>
  JSON.stringify({ method, path, type, accept, headers, body }).slice(0, 400)
