import { spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { ScaleSubject } from './subject.js'

/** `treeline up` with that many nodes, as its own command. */
export async function startTreelineSubject(nodes: number): Promise<ScaleSubject> {
  const directory = await mkdtemp(join(tmpdir(), 'scale-'))
  const main = join(createRequire(import.meta.url).resolve('treeline'), '..', 'main.js')
  const child = spawn(process.execPath, [main, 'up', '--port', '0', '--nodes', String(nodes), '--data-dir', directory, '--json'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  const stop = async (): Promise<void> => {
    child.kill()
    await ended
    await rm(directory, { recursive: true, force: true })
  }
  for await (const line of createInterface(child.stdout)) {
    if (!line.includes('"ready"')) continue
    // whatever else it prints must not fill the pipe
    child.stdout.resume()
    return { name: 'treeline', kubeconfig: (JSON.parse(line) as { kubeconfig: string }).kubeconfig, pids: [child.pid ?? 0], stop }
  }
  await stop()
  throw new Error('treeline ended before it was ready')
}
