import { type ChildProcess, spawn } from 'node:child_process'
import { generateKeyPairSync } from 'node:crypto'
import { openSync } from 'node:fs'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { request } from 'node:https'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findPeer } from '../peers/build.js'

/** Upstream's control plane, run for a test. */
export interface Upstream {
  readonly kubeconfig: string
  readonly url: string
  readonly token: string
  /** Milliseconds from start to /readyz. */
  readonly startTime: number
  /** Process ids, for measuring memory. */
  readonly pids: Readonly<Record<string, number>>
  stop(): Promise<void>
}

export interface UpstreamOptions {
  /** Controller-manager and scheduler too. */
  readonly controllers?: boolean
  readonly extraApiServerFlags?: readonly string[]
}

const token = 'admintoken'
const startDeadline = 60_000

/** The upstream programs that are missing, of those the options need. */
export async function missingPeers({ controllers = true }: UpstreamOptions = {}): Promise<string[]> {
  const names = ['etcd', 'kube-apiserver', ...(controllers ? ['kube-controller-manager', 'kube-scheduler'] : [])]
  const found = await Promise.all(names.map(findPeer))
  return names.filter((_, index) => found[index] === undefined)
}

/** Starts etcd and kube-apiserver (and more), and waits until they are ready. Throws when a program is missing. */
export async function startUpstream(options: UpstreamOptions = {}): Promise<Upstream> {
  const directory = await mkdtemp(join(tmpdir(), 'upstream-'))
  const certificates = join(directory, 'certs')
  await mkdir(certificates)
  const processes: { name: string; child: ChildProcess }[] = []
  const run = async (name: string, args: readonly string[]): Promise<void> => {
    const program = await findPeer(name)
    if (!program) throw new Error(`${name} is not built`)
    const log = openSync(join(directory, `${name}.log`), 'w')
    processes.push({ name, child: spawn(program, args, { stdio: ['ignore', log, log] }) })
  }
  const stop = async (): Promise<void> => {
    // kube-apiserver lingers when etcd goes first
    for (const { child } of processes.reverse()) {
      const ended =
        child.exitCode !== null || child.signalCode !== null ? Promise.resolve() : new Promise((resolve) => child.once('exit', resolve))
      child.kill()
      const kill = setTimeout(() => child.kill('SIGKILL'), 10_000)
      await ended
      clearTimeout(kill)
    }
    await rm(directory, { recursive: true, force: true })
  }
  try {
    const ports = await freePorts(5)
    const [clientPort, peerPort, apiPort, managerPort, schedulerPort] = ports
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
    const key = join(certificates, 'sa.key')
    await writeFile(key, privateKey.export({ type: 'pkcs1', format: 'pem' }))
    await writeFile(join(directory, 'tokens.csv'), `${token},admin,admin,system:masters\n`)
    const started = performance.now()
    const etcd = `http://127.0.0.1:${clientPort}`
    const peer = `http://127.0.0.1:${peerPort}`
    await run('etcd', [
      `--data-dir=${join(directory, 'etcd')}`,
      `--listen-client-urls=${etcd}`,
      `--advertise-client-urls=${etcd}`,
      `--listen-peer-urls=${peer}`,
      `--initial-advertise-peer-urls=${peer}`,
      `--initial-cluster=default=${peer}`,
    ])
    await run('kube-apiserver', [
      `--etcd-servers=${etcd}`,
      `--secure-port=${apiPort}`,
      '--bind-address=127.0.0.1',
      '--advertise-address=127.0.0.1',
      `--cert-dir=${certificates}`,
      `--service-account-key-file=${key}`,
      `--service-account-signing-key-file=${key}`,
      '--service-account-issuer=https://kubernetes.default.svc',
      `--token-auth-file=${join(directory, 'tokens.csv')}`,
      '--authorization-mode=Node,RBAC',
      '--service-cluster-ip-range=10.96.0.0/16',
      '--allow-privileged=true',
      ...(options.extraApiServerFlags ?? []),
    ])
    const url = `https://127.0.0.1:${apiPort}`
    const kubeconfig = join(directory, 'kubeconfig')
    await writeFile(kubeconfig, kubeconfigText(url))
    await ready(url)
    const startTime = performance.now() - started
    if (options.controllers ?? true) {
      const shared = [
        `--kubeconfig=${kubeconfig}`,
        `--authentication-kubeconfig=${kubeconfig}`,
        `--authorization-kubeconfig=${kubeconfig}`,
        '--authentication-skip-lookup=true',
        '--leader-elect=false',
        '--kube-api-qps=5000',
        '--kube-api-burst=5000',
        `--cert-dir=${certificates}`,
      ]
      const manager = [
        '--allocate-node-cidrs=true',
        '--cluster-cidr=10.244.0.0/12',
        '--cloud-provider=external',
        `--service-account-private-key-file=${key}`,
      ]
      await run('kube-controller-manager', [...shared, ...manager, `--secure-port=${managerPort}`])
      await run('kube-scheduler', [...shared, `--secure-port=${schedulerPort}`])
    }
    const pids = Object.fromEntries(processes.map(({ name, child }) => [name, child.pid ?? 0]))
    return { kubeconfig, url, token, startTime, pids, stop }
  } catch (error) {
    await stop()
    throw error
  }
}

function kubeconfigText(server: string): string {
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'upstream', cluster: { server, 'insecure-skip-tls-verify': true } }],
    users: [{ name: 'upstream', user: { token } }],
    contexts: [{ name: 'upstream', context: { cluster: 'upstream', user: 'upstream' } }],
    'current-context': 'upstream',
  })
}

async function ready(url: string): Promise<void> {
  const end = Date.now() + startDeadline
  for (;;) {
    const status = await new Promise<number>((resolve) => {
      const probe = request(
        `${url}/readyz`,
        { rejectUnauthorized: false, headers: { authorization: `Bearer ${token}` }, timeout: 5_000 },
        (response) => {
          response.resume()
          resolve(response.statusCode ?? 0)
        },
      )
      probe.on('error', () => resolve(0)).on('timeout', () => probe.destroy())
      probe.end()
    })
    if (status === 200) return
    if (Date.now() > end) throw new Error('kube-apiserver did not become ready')
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

/** Ports that were free a moment ago, all different. */
async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(
    Array.from(
      { length: count },
      () =>
        new Promise<ReturnType<typeof createServer>>((resolve) => {
          const server = createServer()
          server.listen({ host: '127.0.0.1', port: 0 }, () => resolve(server))
        }),
    ),
  )
  const ports = servers.map((server) => (server.address() as { port: number }).port)
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))))
  return ports
}
