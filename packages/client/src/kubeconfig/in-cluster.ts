import { readFile } from 'node:fs/promises'
import { isIPv6 } from 'node:net'
import { type Clock, systemClock } from '../time/clock.js'
import type { ConnectionConfig } from '../transport/connection-config.js'
import { fileToken } from './token-file.js'

const directory = '/var/run/secrets/kubernetes.io/serviceaccount'

/** The connection every pod is given; undefined outside a pod. */
export async function inClusterConnection(
  env: Readonly<Record<string, string | undefined>> = process.env,
  clock: Clock = systemClock,
): Promise<ConnectionConfig | undefined> {
  const host = env['KUBERNETES_SERVICE_HOST']
  const port = env['KUBERNETES_SERVICE_PORT']
  if (!host || !port) return undefined
  const token = fileToken(`${directory}/token`, clock)
  return {
    server: `https://${isIPv6(host) ? `[${host}]` : host}:${port}`,
    certificateAuthority: await readFile(`${directory}/ca.crt`, 'utf8'),
    credentials: { headers: async () => ({ authorization: `Bearer ${await token()}` }) },
  }
}
