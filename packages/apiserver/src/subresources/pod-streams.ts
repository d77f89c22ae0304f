import { Pod } from '@treeline/api'
import { errors } from '@treeline/machinery'
import type { Authorizer } from '../authorization/authorizer.js'
import { forbidden } from '../authorization/forbidden.js'
import { attributesOf } from '../http/stages/authorization.js'
import type { SubresourceCall, SubresourceHandler } from '../registry/subresource-handler.js'
import { containerOf } from './pod-container.js'
import { wantsUpgrade } from './proxy/forwarded-headers.js'
import { type KubeletAccess, kubeletOf } from './proxy/kubelet.js'
import { splice } from './proxy/splice.js'
import { QueryOptions } from './query-options.js'

/** What one streaming subresource asks of the kubelet. */
interface StreamKind {
  readonly subresource: 'exec' | 'attach' | 'portforward'
  readonly options: string
  /** Path and query at the kubelet. */
  path(pod: Pod, options: QueryOptions): string
}

const streamKinds: readonly StreamKind[] = [
  {
    subresource: 'exec',
    options: 'PodExecOptions',
    path: (pod, options) => containerPath('exec', pod, options, options.texts('command')),
  },
  { subresource: 'attach', options: 'PodAttachOptions', path: (pod, options) => containerPath('attach', pod, options, []) },
  {
    subresource: 'portforward',
    options: 'PodPortForwardOptions',
    path(pod, options) {
      const ports = options
        .texts('ports')
        .flatMap((value) => value.split(','))
        .filter((port) => port !== '')
      for (const port of ports) if (!/^\d{1,5}$/.test(port)) throw errors.badRequest(`unable to parse ${JSON.stringify(port)} as a port`)
      const query = ports.length > 0 ? `?${new URLSearchParams({ port: ports.join(',') })}` : ''
      return `/portForward/${pod.metadata.namespace}/${pod.metadata.name}${query}`
    },
  },
]

/** `pods/NAME/exec`, `attach` and `portforward`: connections to a container, joined with the kubelet of its node. */
export function podStreams(authorizer: Authorizer, access: KubeletAccess): SubresourceHandler[] {
  return streamKinds.map((kind) => ({
    group: '',
    resource: Pod.plural,
    subresource: kind.subresource,
    verbs: ['create', 'get'],
    handle: (call) => stream(call, kind, authorizer, access),
  }))
}

async function stream(call: SubresourceCall, kind: StreamKind, authorizer: Authorizer, access: KubeletAccess): Promise<undefined> {
  await requireCreate(call, authorizer)
  await call.admit('CONNECT', { apiVersion: 'v1', kind: kind.options })
  await call.validate('CONNECT', { apiVersion: 'v1', kind: kind.options })
  const pod = call.internals.get(Pod, call.namespace, call.name)
  if (!pod) throw errors.notFound({ group: '', resource: Pod.plural }, call.name)
  const path = kind.path(pod, new QueryOptions(call.query))
  if (!pod.spec?.nodeName) throw errors.badRequest(`pod ${call.name} does not have a host assigned`)
  const kubelet = kubeletOf(call, pod.spec.nodeName, access)
  if (!wantsUpgrade(call.exchange)) throw errors.badRequest('Upgrade request required')
  await splice(call.exchange, kubelet, path)
  return undefined
}

/** A WebSocket begins with GET; who may only read must not run commands by it. */
async function requireCreate(call: SubresourceCall, authorizer: Authorizer): Promise<void> {
  if (call.verb === 'create') return
  const attributes = attributesOf(call.exchange, 'create')
  const { decision, reason } = await authorizer.authorize(attributes)
  if (decision !== 'Allow') throw forbidden(attributes, reason)
}

function containerPath(what: string, pod: Pod, options: QueryOptions, command: readonly string[]): string {
  const container = containerOf(pod, options.text('container'))
  const query = new URLSearchParams()
  for (const [name, kubeletName] of [
    ['stdin', 'input'],
    ['stdout', 'output'],
    ['stderr', 'error'],
    ['tty', 'tty'],
  ] as const) {
    if (options.flag(name)) query.set(kubeletName, '1')
  }
  for (const word of command) query.append('command', word)
  return `/${what}/${pod.metadata.namespace}/${pod.metadata.name}/${container}?${query}`
}
