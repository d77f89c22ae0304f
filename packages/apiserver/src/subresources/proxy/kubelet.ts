import { Node } from '@treeline/api'
import { errors } from '@treeline/machinery'
import type { SubresourceCall } from '../../registry/subresource-handler.js'
import type { Backend, BackendTls } from './backend.js'

/** How this server reaches kubelets. */
export interface KubeletAccess {
  /** Its client certificate; with `ca` the kubelets' own certificates are checked. */
  readonly tls: BackendTls
  /** Which addresses of a node are tried; the first sort that it has counts. */
  readonly addressTypes?: readonly string[]
}

const defaultAddressTypes = ['InternalIP', 'ExternalIP', 'Hostname', 'InternalDNS', 'ExternalDNS']
const defaultPort = 10250

/** The kubelet of a node. Throws NotFound (of the resource asked for, as upstream) and 500. */
export function kubeletOf(call: SubresourceCall, nodeName: string, access: KubeletAccess): Backend {
  const node = call.internals.get(Node, undefined, nodeName)
  if (!node) throw errors.notFound({ group: '', resource: call.kind.plural }, nodeName)
  const addresses = node.status?.addresses ?? []
  const types = access.addressTypes ?? defaultAddressTypes
  const host = types.flatMap((type) => addresses.find((address) => address.type === type)?.address || []).at(0)
  if (!host) throw errors.untyped(`no preferred addresses found; known addresses: ${JSON.stringify(addresses)}`)
  return { protocol: 'https', host, port: node.status?.daemonEndpoints?.kubeletEndpoint?.Port || defaultPort, tls: access.tls }
}
