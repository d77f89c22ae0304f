import { mkdir, rename, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { encodeYaml } from '@treeline/machinery'
import type { Kubeconfig, KubeconfigCluster, KubeconfigUser } from './kubeconfig.js'

/** Writes a kubeconfig, readable by its owner alone; readers see the old file or the new one, whole. */
export async function writeKubeconfig(file: string, config: Kubeconfig): Promise<void> {
  await mkdir(dirname(file), { recursive: true })
  const temporary = `${file}.${process.pid}.tmp`
  await writeFile(temporary, encodeYaml(config), { mode: 0o600 })
  await rename(temporary, file)
}

/** A kubeconfig of one cluster, one user and the context of both, all under one name. */
export function singleContext(name: string, cluster: KubeconfigCluster, user: KubeconfigUser, namespace?: string): Kubeconfig {
  return {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name, cluster }],
    users: [{ name, user }],
    contexts: [{ name, context: { cluster: name, user: name, ...(namespace && { namespace }) } }],
    'current-context': name,
  }
}

/** PEM text in the form of the `-data` fields. */
export function pemData(pem: string): string {
  return Buffer.from(pem).toString('base64')
}
