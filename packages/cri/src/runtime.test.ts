import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import {
  ContainerEventType,
  CriError,
  connectRuntime,
  criCodes,
  isNotFound,
  isUnimplemented,
  localRuntime,
  type RuntimeImplementation,
  serveRuntime,
} from './index.js'

const folder = await mkdtemp(join(tmpdir(), 'cri-'))
after(() => rm(folder, { recursive: true }))
let sockets = 0

async function overSocket(implementation: RuntimeImplementation) {
  const socket = join(folder, `${sockets++}.sock`)
  const server = await serveRuntime(implementation, socket)
  const runtime = connectRuntime(socket)
  return {
    runtime,
    async close() {
      runtime.close()
      await server.close()
    },
  }
}

async function inThread(implementation: RuntimeImplementation) {
  const runtime = localRuntime(implementation)
  return { runtime, close: async () => runtime.close() }
}

for (const [where, pair] of [
  ['over a socket', overSocket],
  ['in one thread', inThread],
] as const) {
  test(`${where}: a call carries nested messages, maps, 64-bit numbers and absent fields both ways`, async () => {
    let seen: unknown
    const { runtime, close } = await pair({
      async createContainer(request) {
        seen = request
        return { containerId: 'c1' }
      },
      async containerStatus() {
        return { status: { id: 'c1', createdAt: 1_763_000_000_000_000_001n, resources: { linux: { cpuShares: 2n } } } }
      },
    })
    const created = await runtime.createContainer({
      podSandboxId: 's1',
      config: {
        metadata: { name: 'app', attempt: 3 },
        labels: { __proto__x: 'a' },
        linux: { securityContext: { runAsUser: { value: 0n } } },
      },
    })
    assert.equal(created.containerId, 'c1')
    const request = seen as { podSandboxId: string; config: { metadata: object; labels: object; linux: { securityContext: object } } }
    assert.equal(request.podSandboxId, 's1')
    assert.deepEqual({ ...request.config.labels }, { __proto__x: 'a' })
    const security = request.config.linux.securityContext as { runAsUser?: { value: bigint }; runAsGroup?: object }
    assert.equal(security.runAsUser?.value, 0n)
    assert.equal(security.runAsGroup, undefined)
    const { status } = await runtime.containerStatus({ containerId: 'c1' })
    assert.equal(status?.createdAt, 1_763_000_000_000_000_001n)
    assert.equal(status?.resources?.linux?.cpuShares, 2n)
    await close()
  })

  test(`${where}: errors keep their code and their bare text; an absent method is unimplemented`, async () => {
    const { runtime, close } = await pair({
      async stopContainer() {
        throw new CriError(criCodes.NOT_FOUND, 'no such container: x')
      },
      async removeContainer() {
        throw new Error('disk on fire')
      },
    })
    await assert.rejects(
      runtime.stopContainer({ containerId: 'x' }),
      (error) => isNotFound(error) && (error as Error).message === 'no such container: x',
    )
    await assert.rejects(runtime.removeContainer({ containerId: 'x' }), {
      name: 'CriError',
      code: criCodes.UNKNOWN,
      message: 'disk on fire',
    })
    await assert.rejects(runtime.listImages({}), (error) => isUnimplemented(error))
    await close()
  })

  test(`${where}: a deadline and a signal both end a call, and the server learns of it`, async () => {
    const cancelled: string[] = []
    const { runtime, close } = await pair({
      execSync: (request, { signal }) =>
        new Promise((_, reject) =>
          signal.addEventListener('abort', () => {
            cancelled.push(request.containerId)
            reject(new CriError(criCodes.CANCELLED, 'gone'))
          }),
        ),
    })
    await assert.rejects(runtime.execSync({ containerId: 'slow' }, { timeout: 30 }), { code: criCodes.DEADLINE_EXCEEDED })
    const abort = new AbortController()
    const call = runtime.execSync({ containerId: 'aborted' }, { signal: abort.signal })
    abort.abort(new Error('enough'))
    await assert.rejects(call, { message: 'enough' })
    await close()
    assert.ok(cancelled.includes('slow'))
  })

  test(`${where}: events arrive in order until the reader stops`, async () => {
    let stopped: () => void
    const serverStopped = new Promise<void>((resolve) => {
      stopped = resolve
    })
    const { runtime, close } = await pair({
      async *getContainerEvents(_request, { signal }) {
        signal.addEventListener('abort', () => stopped())
        for (let i = 0; !signal.aborted; i++) {
          yield { containerId: `c${i}`, containerEventType: ContainerEventType.CONTAINER_STARTED_EVENT }
          if (i % 100 === 99) await new Promise((resolve) => setImmediate(resolve))
        }
      },
    })
    const ids: string[] = []
    for await (const event of runtime.getContainerEvents({})) {
      ids.push(event.containerId)
      if (ids.length === 500) break
    }
    assert.deepEqual(
      ids,
      Array.from({ length: 500 }, (_, i) => `c${i}`),
    )
    await serverStopped
    await close()
  })

  test(`${where}: bulk in both directions at once does not stall on the unix socket`, async () => {
    const { runtime, close } = await pair({
      async execSync(request) {
        return { stdout: Buffer.from(request.cmd[0] ?? '') }
      },
    })
    const text = 'x'.repeat(1 << 20)
    const answers = await Promise.all(
      Array.from({ length: 48 }, () => runtime.execSync({ containerId: 'c', cmd: [text] }, { timeout: 20_000 })),
    )
    for (const answer of answers) assert.equal(answer.stdout.length, text.length)
    await close()
  })
}

test('a client survives a restart of the runtime', async () => {
  const socket = join(folder, 'restart.sock')
  const implementation: RuntimeImplementation = { version: async () => ({ runtimeName: 'test' }) }
  const first = await serveRuntime(implementation, socket)
  const runtime = connectRuntime(socket)
  await runtime.version({})
  await first.close()
  await assert.rejects(runtime.version({}, { timeout: 1_000 }), (error) => error instanceof CriError)
  const second = await serveRuntime(implementation, socket)
  for (;;) {
    const answer = await runtime.version({}).catch(() => undefined)
    if (answer?.runtimeName === 'test') break
  }
  runtime.close()
  await second.close()
})
