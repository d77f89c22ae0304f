import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startTreeline } from '../kill/treeline-process.js'
import { type Server, serverOf } from '../oracle/server.js'

export interface ServerProcess {
  readonly server: Server
  /** Resident bytes. */
  memory(): Promise<number>
  /** Fails when the server had ended by itself. */
  stop(): Promise<void>
}

/** The API server alone, in a process of its own, so that its memory and its end can be seen. */
export async function startTreelineServer(): Promise<ServerProcess> {
  const directory = await mkdtemp(join(tmpdir(), 'apiserver-'))
  const { child, ready, ended, output } = startTreeline([
    'apiserver',
    '--store',
    'memory',
    '--secure-port',
    '0',
    '--data-dir',
    directory,
    '--json',
  ])
  await ready
  const server = serverOf(join(directory, 'kubeconfig'))
  return {
    server,
    async memory() {
      const status = await readFile(`/proc/${child.pid}/status`, 'utf8')
      return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) * 1024
    },
    async stop() {
      server.agent.destroy()
      const endedByItself = child.exitCode !== null || child.signalCode !== null
      child.kill('SIGTERM')
      await ended
      await rm(directory, { recursive: true, force: true })
      if (endedByItself) throw new Error(`the API server ended: ${output()}`)
    },
  }
}
