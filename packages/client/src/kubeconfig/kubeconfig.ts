/** A kubeconfig as its file has it (v1 Config of client authentication). File names in it are absolute once loaded. */
export interface Kubeconfig {
  apiVersion?: string
  kind?: string
  clusters?: NamedCluster[]
  users?: NamedUser[]
  contexts?: NamedContext[]
  'current-context'?: string
  preferences?: object
  extensions?: unknown[]
}

export interface NamedCluster {
  name: string
  cluster: KubeconfigCluster
}
export interface NamedUser {
  name: string
  user: KubeconfigUser
}
export interface NamedContext {
  name: string
  context: KubeconfigContext
}

export interface KubeconfigCluster {
  server?: string
  'tls-server-name'?: string
  'insecure-skip-tls-verify'?: boolean
  'certificate-authority'?: string
  'certificate-authority-data'?: string
  'proxy-url'?: string
  'disable-compression'?: boolean
  extensions?: { name: string; extension: unknown }[]
}

export interface KubeconfigUser {
  'client-certificate'?: string
  'client-certificate-data'?: string
  'client-key'?: string
  'client-key-data'?: string
  token?: string
  tokenFile?: string
  username?: string
  password?: string
  as?: string
  'as-uid'?: string
  'as-groups'?: string[]
  exec?: ExecConfig
  'auth-provider'?: { name: string; config?: Record<string, string> }
}

export interface KubeconfigContext {
  cluster?: string
  user?: string
  namespace?: string
}

/** How to run a credential plug-in (client.authentication.k8s.io). */
export interface ExecConfig {
  apiVersion?: string
  command: string
  args?: string[]
  env?: { name: string; value: string }[]
  installHint?: string
  provideClusterInfo?: boolean
  interactiveMode?: 'Never' | 'IfAvailable' | 'Always'
}
