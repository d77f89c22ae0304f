import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { createWebSocketStream, type WebSocket, WebSocketServer } from 'ws'
import { portForwardTunnel } from './port-forward.js'
import type { CommandRunner, StreamFlags } from './remote-command.js'
import { channelProtocols } from './websocket-channels.js'
import { serveWebSocketCommand } from './websocket-remote-command.js'

const largestMessage = 16 * 1024 * 1024

/**
 * The library takes no protocol with a slash in it, as the standard wills it; Kubernetes has one all the same. Within the
 * handshake it goes by this name.
 */
const tunnelAlias = 'portforward-tunnel'

const webSockets = new WebSocketServer({
  noServer: true,
  perMessageDeflate: false,
  maxPayload: largestMessage,
  handleProtocols: (offered) => [...channelProtocols.map(({ name }) => name), tunnelAlias].find((name) => offered.has(name)) ?? false,
})
webSockets.on('headers', (lines) => {
  for (const [index, line] of lines.entries()) lines[index] = line.replace(tunnelAlias, portForwardTunnel)
})

/** Completes the upgrade to a WebSocket of one of the protocols of exec, attach and port-forward. */
export function acceptWebSocket(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<WebSocket> {
  const offered = request.headers['sec-websocket-protocol']
  if (offered !== undefined) request.headers['sec-websocket-protocol'] = offered.replace(portForwardTunnel, tunnelAlias)
  return new Promise((resolve) => webSockets.handleUpgrade(request, socket, head, resolve))
}

/** Whether a port-forward goes through the WebSocket as one SPDY connection. */
export function isTunnel(socket: WebSocket): boolean {
  return socket.protocol === tunnelAlias
}

/** Serves an exec or attach to a WebSocket client. Resolves when it is over. */
export async function serveCommandUpgrade(
  request: IncomingMessage,
  socket: Duplex,
  head: Buffer,
  flags: StreamFlags,
  run: CommandRunner,
): Promise<void> {
  await serveWebSocketCommand(await acceptWebSocket(request, socket, head), flags, run)
}

/** Joins a WebSocket whose messages carry a SPDY connection with that connection, byte for byte. */
export async function serveTunnelUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer, far: Duplex): Promise<void> {
  const near = createWebSocketStream(await acceptWebSocket(request, socket, head))
  await new Promise<void>((resolve) => {
    const end = () => {
      near.destroy()
      far.destroy()
      resolve()
    }
    for (const side of [near, far]) {
      side.on('error', end)
      side.on('close', end)
    }
    near.pipe(far).pipe(near)
  })
}
