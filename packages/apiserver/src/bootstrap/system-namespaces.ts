import { Namespace } from '@treeline/api'
import type { ApiInternals } from '../registry/internals.js'
import { ensure } from './ensure.js'

/** Namespaces that are always there; they come back when they are deleted. */
export const systemNamespaces = ['default', 'kube-system', 'kube-public', 'kube-node-lease'] as const

/** Makes the system namespaces that are missing. */
export async function ensureSystemNamespaces(internals: ApiInternals): Promise<void> {
  await Promise.all(systemNamespaces.map((name) => ensure(internals, Namespace, { metadata: { name } })))
}
