import { readFile } from 'node:fs/promises'
import { type Clock, systemClock } from '../time/clock.js'
import type { ConnectionConfig, Credentials } from '../transport/connection-config.js'
import { execCredentials } from './exec-credentials.js'
import { inClusterConnection } from './in-cluster.js'
import type { Kubeconfig, KubeconfigCluster, KubeconfigUser } from './kubeconfig.js'
import { KubeconfigError } from './kubeconfig-error.js'
import { type LoadKubeconfigOptions, loadKubeconfig } from './load-kubeconfig.js'
import { fileToken } from './token-file.js'

export interface ConnectionOptions extends LoadKubeconfigOptions {
  /** Instead of the current context. */
  readonly context?: string
  readonly clock?: Clock
}

/**
 * The connection that a kubeconfig describes, found as by `loadKubeconfig`; without any, that of the pod this process
 * runs in. Throws KubeconfigError.
 */
export async function loadConnection(options: ConnectionOptions = {}): Promise<ConnectionConfig> {
  const kubeconfig = await loadKubeconfig(options)
  if (options.path === undefined && !kubeconfig['current-context'] && options.context === undefined) {
    const inCluster = await inClusterConnection(options.env, options.clock)
    if (inCluster) return inCluster
  }
  return connectionOf(kubeconfig, options)
}

/** The connection of a context. Throws KubeconfigError on what is missing or contradicts itself. */
export async function connectionOf(kubeconfig: Kubeconfig, options: ConnectionOptions = {}): Promise<ConnectionConfig> {
  const name = options.context ?? kubeconfig['current-context']
  if (!name) throw new KubeconfigError('the kubeconfig has no current context')
  const context = kubeconfig.contexts?.find((entry) => entry.name === name)?.context
  if (!context) throw new KubeconfigError(`context ${JSON.stringify(name)} does not exist`)
  const cluster = kubeconfig.clusters?.find((entry) => entry.name === context.cluster)?.cluster
  if (!cluster?.server)
    throw new KubeconfigError(`context ${JSON.stringify(name)}: cluster ${JSON.stringify(context.cluster ?? '')} has no server`)
  const user = kubeconfig.users?.find((entry) => entry.name === context.user)?.user
  if (context.user && !user)
    throw new KubeconfigError(`context ${JSON.stringify(name)}: user ${JSON.stringify(context.user)} does not exist`)
  if (cluster['proxy-url']) throw new KubeconfigError(`cluster ${JSON.stringify(context.cluster)}: proxy-url is not supported`)
  const certificateAuthority = await pem(cluster['certificate-authority-data'], cluster['certificate-authority'])
  return {
    server: serverOf(cluster),
    ...(certificateAuthority && { certificateAuthority }),
    ...(cluster['tls-server-name'] && { tlsServerName: cluster['tls-server-name'] }),
    ...(cluster['insecure-skip-tls-verify'] && { insecureSkipTlsVerify: true }),
    ...(context.namespace && { namespace: context.namespace }),
    ...(user && { credentials: credentialsOf(user, cluster, options) }),
    ...(user?.as && { impersonate: { user: user.as, groups: user['as-groups'], uid: user['as-uid'] } }),
  }
}

function serverOf({ server = '' }: KubeconfigCluster): string {
  const text = server.includes('://') ? server : `https://${server}`
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url?.protocol !== 'https:' && url?.protocol !== 'http:')
    throw new KubeconfigError(`${JSON.stringify(server)} is not the address of a server`)
  return text
}

function credentialsOf(user: KubeconfigUser, cluster: KubeconfigCluster, { env, clock = systemClock }: ConnectionOptions): Credentials {
  if (user['auth-provider'])
    throw new KubeconfigError(`auth-provider ${JSON.stringify(user['auth-provider'].name)} is not supported; use exec`)
  if (user.exec) return execCredentials(user.exec, { cluster, env, clock })
  const bearer = user.tokenFile ? fileToken(user.tokenFile, clock) : user.token ? () => Promise.resolve(user.token ?? '') : undefined
  return {
    ...(bearer && { headers: async () => ({ authorization: `Bearer ${await bearer()}` }) }),
    ...(!bearer && user.username !== undefined && { headers: async () => basic(user) }),
    clientCertificate: async () => {
      const certificate = await pem(user['client-certificate-data'], user['client-certificate'])
      const key = await pem(user['client-key-data'], user['client-key'])
      return certificate && key ? { certificate, key } : undefined
    },
  }
}

function basic({ username = '', password = '' }: KubeconfigUser): Record<string, string> {
  return { authorization: `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}` }
}

/** PEM text from a `-data` field or, failing that, from a file. */
async function pem(data: string | undefined, file: string | undefined): Promise<string | undefined> {
  if (data) return Buffer.from(data, 'base64').toString('utf8')
  if (!file) return undefined
  try {
    return await readFile(file, 'utf8')
  } catch (cause) {
    throw new KubeconfigError(`cannot read ${file}: ${(cause as Error).message}`, { cause })
  }
}
