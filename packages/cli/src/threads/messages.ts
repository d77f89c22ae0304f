import type { MessagePort } from 'node:worker_threads'

/** Who a connection inside the process acts as. */
export interface LocalUser {
  readonly name: string
  readonly groups: readonly string[]
}

export interface ApiServerThreadOptions {
  readonly directory: string
  readonly host: string
  readonly port: number
  readonly store: 'lmdb' | 'memory'
  readonly serviceCIDR: string
  readonly kubeconfig: string
}

/** What the API server's thread hears. */
export type ToApiServer = { readonly type: 'connect'; readonly user: LocalUser; readonly port: MessagePort } | { readonly type: 'close' }

/** What it says. */
export type FromApiServer =
  | {
      readonly type: 'ready'
      readonly url: string
      /** PEM of the cluster's certificate authority. */
      readonly authority: string
      /** Key and certificate, in PEM, with which node agents of this process serve. */
      readonly kubeletServing: { readonly key: string; readonly cert: string }
    }
  | { readonly type: 'failed'; readonly message: string }
  | { readonly type: 'closed' }

export interface CloudThreadOptions {
  readonly provider: string
  readonly directory: string
  readonly clusterName: string
}

export type ToCloud =
  | {
      /** Boots instances until there are `count`, with what their node agents serve with. */
      readonly type: 'boot'
      readonly count: number
      readonly authority: string
      readonly kubeletServing: { readonly key: string; readonly cert: string }
    }
  | { readonly type: 'close' }

export type FromCloud =
  | { readonly type: 'open'; readonly config: string; readonly podCIDR: string; readonly nodeCIDR: string }
  | { readonly type: 'scaled'; readonly count: number }
  | { readonly type: 'log'; readonly message: string }
  | { readonly type: 'failed'; readonly message: string }
  | { readonly type: 'closed' }
