import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { dialPortForward, relayCommand, serveCommandUpgrade, serveTunnelUpgrade } from '@treeline/cri'
import type { NodeAgent } from '../node-agent.js'
import type { PodWorkers } from '../pods/pod-workers.js'
import { HttpError } from './http-error.js'
import { splice } from './splice.js'
import { streamFlags, streamUrls } from './stream-urls.js'

export interface UpgradeContext {
  readonly agent: NodeAgent
  readonly workers: PodWorkers
  readonly url: URL
}

/**
 * Exec, attach and port-forward: asks the runtime where the stream is served, and joins the two connections. A runtime
 * that does not know the client's WebSocket protocol is spoken to in SPDY instead.
 */
export async function upgrade(context: UpgradeContext, request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
  const [name = '', ...segments] = context.url.pathname.split('/').filter(Boolean).map(decoded)
  const streamUrl = Object.hasOwn(streamUrls, name) ? streamUrls[name] : undefined
  if (streamUrl === undefined) throw new HttpError(404, '404 page not found')
  const ask = () => streamUrl({ ...context, segments })
  const isWebSocket = request.headers.upgrade?.toLowerCase() === 'websocket'
  if (await splice(new URL(await ask()), request, socket, head, isWebSocket)) return
  if (!isWebSocket) return
  const url = await ask()
  if (name === 'portForward') await serveTunnelUpgrade(request, socket, head, await dialPortForward(url))
  else {
    const flags = streamFlags(context.url)
    await serveCommandUpgrade(request, socket, head, flags, relayCommand(url, flags))
  }
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment)
  } catch {
    throw new HttpError(400, 'invalid URL escape in path')
  }
}
