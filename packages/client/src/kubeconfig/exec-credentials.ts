import { spawn } from 'node:child_process'
import type { Clock } from '../time/clock.js'
import type { Credentials } from '../transport/connection-config.js'
import type { ExecConfig, KubeconfigCluster } from './kubeconfig.js'
import { KubeconfigError } from './kubeconfig-error.js'

interface ExecContext {
  readonly cluster: KubeconfigCluster
  readonly env?: Readonly<Record<string, string | undefined>>
  readonly clock: Clock
}

/** What a plug-in prints (client.authentication.k8s.io ExecCredential). */
interface ExecCredential {
  readonly apiVersion?: unknown
  readonly kind?: unknown
  readonly status?: {
    readonly token?: string
    readonly clientCertificateData?: string
    readonly clientKeyData?: string
    readonly expirationTimestamp?: string
  }
}

const versions = ['client.authentication.k8s.io/v1', 'client.authentication.k8s.io/v1beta1']
/** Milliseconds a plug-in may run, and bytes it may print. */
const runTimeout = 60_000
const outputLimit = 1 << 20

/** Credentials from a plug-in, run when there are none, when they have expired, and when the server rejected them. */
export function execCredentials(config: ExecConfig, context: ExecContext): Credentials {
  const { apiVersion = '' } = config
  if (!versions.includes(apiVersion)) throw new KubeconfigError(`exec plug-in: apiVersion ${JSON.stringify(apiVersion)} is not supported`)
  let current: NonNullable<ExecCredential['status']> | undefined
  let running: Promise<void> | undefined

  async function credential(rejected: boolean): Promise<NonNullable<ExecCredential['status']>> {
    const expires = Date.parse(current?.expirationTimestamp ?? '')
    if (!current || rejected || expires <= context.clock.now()) {
      running ??= run(config, context).then(
        (status) => {
          current = status
          running = undefined
        },
        (error) => {
          running = undefined
          throw error
        },
      )
      await running
    }
    return current ?? {}
  }

  return {
    async headers(rejected): Promise<Readonly<Record<string, string>>> {
      const { token } = await credential(rejected)
      return token ? { authorization: `Bearer ${token}` } : {}
    },
    async clientCertificate() {
      const { clientCertificateData: certificate, clientKeyData: key } = await credential(false)
      return certificate && key ? { certificate, key } : undefined
    },
  }
}

async function run(config: ExecConfig, { cluster, env = process.env, clock }: ExecContext): Promise<NonNullable<ExecCredential['status']>> {
  const info = {
    apiVersion: config.apiVersion,
    kind: 'ExecCredential',
    spec: { interactive: false, ...(config.provideClusterInfo && { cluster: clusterInfo(cluster) }) },
  }
  const extra = Object.fromEntries((config.env ?? []).map(({ name, value }) => [name, value]))
  const output = await outputOf(config, { ...env, ...extra, KUBERNETES_EXEC_INFO: JSON.stringify(info) }, clock)
  let credential: ExecCredential
  try {
    credential = JSON.parse(output) as ExecCredential
  } catch (cause) {
    throw new KubeconfigError(`exec plug-in ${config.command} did not print JSON`, { cause })
  }
  if (credential?.kind !== 'ExecCredential' || credential.apiVersion !== config.apiVersion) {
    throw new KubeconfigError(
      `exec plug-in ${config.command} is configured to use API version ${config.apiVersion}, plug-in returned another`,
    )
  }
  const { status } = credential
  if (!status) throw new KubeconfigError(`exec plug-in ${config.command} printed no status`)
  if (!status.token && !(status.clientCertificateData && status.clientKeyData)) {
    throw new KubeconfigError(`exec plug-in ${config.command} printed neither a token nor a certificate with its key`)
  }
  return status
}

function outputOf({ command, args = [], installHint }: ExecConfig, env: NodeJS.ProcessEnv, clock: Clock): Promise<string> {
  return new Promise((resolve, reject) => {
    const failed = (why: string, cause?: Error) => {
      cancelTimeout()
      reject(new KubeconfigError(`exec plug-in ${command}: ${why}${installHint ? `\n\n${installHint}` : ''}`, { cause }))
    }
    const child = spawn(command, args, { env, stdio: ['ignore', 'pipe', 'inherit'] })
    const cancelTimeout = clock.after(runTimeout, () => child.kill())
    const chunks: Buffer[] = []
    let size = 0
    child.stdout.on('data', (chunk: Buffer) => {
      size += chunk.length
      if (size > outputLimit) child.kill()
      else chunks.push(chunk)
    })
    child.on('error', (error) => failed(error.message, error))
    child.on('close', (code, signal) => {
      if (size > outputLimit) failed(`printed more than ${outputLimit} bytes`)
      else if (code !== 0) failed(signal ? `was ended by ${signal}` : `failed with exit code ${code}`)
      else {
        cancelTimeout()
        resolve(Buffer.concat(chunks).toString('utf8'))
      }
    })
  })
}

function clusterInfo(cluster: KubeconfigCluster): object {
  const config = cluster.extensions?.find((extension) => extension.name === 'client.authentication.k8s.io/exec')?.extension
  return {
    server: cluster.server,
    ...(cluster['tls-server-name'] && { 'tls-server-name': cluster['tls-server-name'] }),
    ...(cluster['insecure-skip-tls-verify'] && { 'insecure-skip-tls-verify': true }),
    ...(cluster['certificate-authority-data'] && { 'certificate-authority-data': cluster['certificate-authority-data'] }),
    ...(config !== undefined && { config }),
  }
}
