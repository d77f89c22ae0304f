import { join, resolve } from 'node:path'
import type { Command } from 'commander'
import { admin, adminToken } from '../cluster/admin-token.js'
import { defaultDataDirectory, holdDirectory } from '../cluster/data-directory.js'
import { portOption } from '../commands/options.js'
import { terminalOutput } from '../output.js'
import { aborted, untilSignalled } from './component.js'

interface Flags {
  dataDir: string
  bindAddress: string
  securePort: number
  serviceClusterIpRange: string
  serviceAccountIssuer: string
  store: 'lmdb' | 'memory'
  json: boolean
}

/** `treeline apiserver`: the API server and its store alone. */
export function addApiServer(program: Command): void {
  program
    .command('apiserver')
    .description('the API server alone')
    .option('--data-dir <dir>', 'where objects, keys and certificates are kept', defaultDataDirectory())
    .option('--bind-address <ip>', 'address to listen on', '127.0.0.1')
    .option('--secure-port <n>', 'port to listen on; 0 takes a free one', portOption, 6443)
    .option('--service-cluster-ip-range <cidr>', 'addresses of Services', '10.96.0.0/16')
    .option('--service-account-issuer <url>', 'issuer of service account tokens', 'https://kubernetes.default.svc')
    .option('--store <store>', 'lmdb keeps objects on disk, memory forgets them', 'lmdb')
    .option('--json', 'machine-readable lines', false)
    .addHelpText('after', '\nExample:\n  treeline apiserver --data-dir ./api --secure-port 0')
    .action(async (flags: Flags) => {
      const started = Date.now() - Math.round(performance.now())
      const signal = untilSignalled()
      const directory = resolve(flags.dataDir)
      const [{ startClusterServer, writeKubeconfig }, { openLmdbStore, openMemoryStore }] = await Promise.all([
        import('@treeline/apiserver'),
        import('@treeline/storage'),
      ])
      const kubeconfig = join(directory, 'kubeconfig')
      const status = { pid: process.pid, url: '', kubeconfig, startedAt: new Date(started).toISOString(), ready: false }
      const held = await holdDirectory(directory, { status: () => status, stop: () => process.kill(process.pid, 'SIGTERM') })
      const store = flags.store === 'memory' ? openMemoryStore() : await openLmdbStore({ directory: join(directory, 'store') })
      const token = await adminToken(directory)
      const server = await startClusterServer({
        store,
        tokens: new Map([[token, admin]]),
        directory,
        host: flags.bindAddress,
        port: flags.securePort,
        serviceCIDR: flags.serviceClusterIpRange,
        issuer: flags.serviceAccountIssuer,
      })
      const authority = server.pki.authority.certificate
      await writeKubeconfig(kubeconfig, { clusterName: 'treeline', server: server.url, authority, user: admin.name, credential: { token } })
      await server.ready
      Object.assign(status, { url: server.url, ready: true })
      terminalOutput(flags.json).ready(Date.now() - started, kubeconfig)
      await aborted(signal)
      await server.close()
      await store.close()
      await held.release()
    })
}
