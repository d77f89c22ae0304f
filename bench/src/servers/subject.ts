import { type ChildProcess, spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findPeer, kubectlOf, startUpstream } from '@treeline/interop'

/** An API server under measurement, in processes of its own. */
export interface Subject {
  readonly name: 'treeline' | 'upstream'
  readonly url: string
  readonly token: string
  /** Milliseconds from start to the first `kubectl get` that succeeds. */
  readonly start: number
  /** Resident memory of all its processes, in MiB. */
  memory(): number
  stop(): Promise<void>
}

/** kube-apiserver and etcd. */
export async function startUpstreamSubject(): Promise<Subject> {
  const began = performance.now()
  const upstream = await startUpstream({ controllers: false })
  await firstGet(upstream.kubeconfig)
  const start = performance.now() - began
  return {
    name: 'upstream',
    url: upstream.url,
    token: upstream.token,
    start,
    memory: () => memoryOf(Object.values(upstream.pids)),
    stop: upstream.stop,
  }
}

/** Ours, on LMDB, as its own command. */
export async function startOurSubject(): Promise<Subject> {
  const directory = await mkdtemp(join(tmpdir(), 'bench-'))
  const main = join(createRequire(import.meta.url).resolve('treeline'), '..', 'main.js')
  const began = performance.now()
  const child = spawn(process.execPath, [main, 'apiserver', '--data-dir', directory, '--secure-port', '0', '--json'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const kubeconfig = await readyLine(child)
  await firstGet(kubeconfig)
  const start = performance.now() - began
  const kubectl = kubectlOf(await kubectlProgram(), kubeconfig)
  await kubectl.ok('create', 'serviceaccount', 'bench')
  await kubectl.ok('create', 'clusterrolebinding', 'bench', '--clusterrole=cluster-admin', '--serviceaccount=default:bench')
  const token = (await kubectl.ok('create', 'token', 'bench', '--duration=2h')).trim()
  const url = (await kubectl.ok('config', 'view', '-o', 'jsonpath={.clusters[0].cluster.server}')).trim()
  return {
    name: 'treeline',
    url,
    token,
    start,
    memory: () => memoryOf([child.pid ?? 0]),
    async stop() {
      const ended = new Promise((resolve) => child.once('exit', resolve))
      child.kill()
      await ended
      await rm(directory, { recursive: true, force: true })
    },
  }
}

async function kubectlProgram(): Promise<string> {
  const program = await findPeer('kubectl')
  if (!program) throw new Error('kubectl is not here')
  return program
}

async function firstGet(kubeconfig: string): Promise<void> {
  const kubectl = kubectlOf(await kubectlProgram(), kubeconfig)
  for (let attempt = 0; attempt < 200; attempt++) if ((await kubectl.run(['get', 'namespace', 'default'])).code === 0) return
  throw new Error('no kubectl get succeeded')
}

function readyLine(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = ''
    child.once('exit', () => reject(new Error('the server ended before it was ready')))
    child.stdout?.on('data', (data: Buffer) => {
      text += data.toString()
      for (const line of text.split('\n')) if (line.includes('"ready"')) resolve((JSON.parse(line) as { kubeconfig: string }).kubeconfig)
    })
  })
}

function memoryOf(pids: readonly number[]): number {
  return Math.round(
    pids.reduce((sum, pid) => sum + Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0), 0) / 1024,
  )
}
