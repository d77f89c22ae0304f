import type { KeyPair } from './certificate-issue.js'
import { secretMode, writeWhole } from './files.js'

export interface KubeconfigOptions {
  /** Names the cluster and the context. */
  readonly clusterName: string
  /** Such as `https://127.0.0.1:6443`. */
  readonly server: string
  /** PEM of the authority that signed the server's certificate. */
  readonly authority: string
  readonly user: string
  readonly credential: KeyPair | { readonly token: string }
}

/** The text of a kubeconfig with one cluster, one user and one context, everything embedded. */
export function kubeconfigText(options: KubeconfigOptions): string {
  const context = `${options.user}@${options.clusterName}`
  const credential =
    'token' in options.credential
      ? [`    token: ${quoted(options.credential.token)}`]
      : [
          `    client-certificate-data: ${base64(options.credential.certificate)}`,
          `    client-key-data: ${base64(options.credential.privateKey)}`,
        ]
  return [
    'apiVersion: v1',
    'kind: Config',
    'clusters:',
    `- name: ${quoted(options.clusterName)}`,
    '  cluster:',
    `    certificate-authority-data: ${base64(options.authority)}`,
    `    server: ${quoted(options.server)}`,
    'contexts:',
    `- name: ${quoted(context)}`,
    '  context:',
    `    cluster: ${quoted(options.clusterName)}`,
    `    user: ${quoted(options.user)}`,
    `current-context: ${quoted(context)}`,
    'preferences: {}',
    'users:',
    `- name: ${quoted(options.user)}`,
    '  user:',
    ...credential,
    '',
  ].join('\n')
}

/** Writes a kubeconfig that only its owner can read. */
export async function writeKubeconfig(path: string, options: KubeconfigOptions): Promise<void> {
  await writeWhole(path, kubeconfigText(options), secretMode)
}

// Every JSON string is a YAML string.
const quoted = (text: string): string => JSON.stringify(text)
const base64 = (text: string): string => Buffer.from(text).toString('base64')
