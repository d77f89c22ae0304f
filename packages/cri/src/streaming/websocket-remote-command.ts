import type { Writable } from 'node:stream'
import type { WebSocket } from 'ws'
import { type CommandRunner, exitStatus, failureStatus, readSizes, type StreamFlags } from './remote-command.js'
import { channelProtocols, WebSocketChannels } from './websocket-channels.js'

/** Channel numbers of exec and attach. */
export const commandChannels = { stdin: 0, stdout: 1, stderr: 2, error: 3, resize: 4 } as const

/** Serves one exec or attach on a WebSocket. */
export async function serveWebSocketCommand(socket: WebSocket, flags: StreamFlags, run: CommandRunner): Promise<void> {
  const protocol = channelProtocols.find(({ name }) => name === socket.protocol) ?? { name: '', base64: false, closesChannels: false }
  const channels = new WebSocketChannels(socket, protocol)
  const gone = new AbortController()
  socket.on('close', () => gone.abort())
  const stdin = flags.stdin ? channels.readable(commandChannels.stdin) : undefined
  const resize = channels.readable(commandChannels.resize)
  const stdout = flags.stdout ? channels.writable(commandChannels.stdout) : undefined
  const stderr = flags.stderr && !flags.tty ? channels.writable(commandChannels.stderr) : undefined
  await channels.send(stdout ? commandChannels.stdout : stderr ? commandChannels.stderr : commandChannels.error, '')
  const status = await run({
    stdin,
    stdout,
    stderr,
    signal: gone.signal,
    onResize: (listener) => readSizes(resize, listener),
  }).then(exitStatus, failureStatus)
  await Promise.all([stdout, stderr].map(finished))
  await channels.send(commandChannels.error, withStatus(protocol.name) ? status : plain(status))
  channels.close()
}

function withStatus(protocol: string): boolean {
  return protocol.startsWith('v4') || protocol.startsWith('v5')
}

/** Older protocols say nothing of success, and of failure only the words. */
function plain(status: string): string {
  const { status: outcome, message = '' } = JSON.parse(status) as { status: string; message?: string }
  return outcome === 'Success' ? '' : message
}

function finished(stream: Writable | undefined): Promise<void> {
  return new Promise((resolve) => {
    if (stream === undefined || stream.destroyed) return resolve()
    stream.once('close', resolve)
    stream.end(() => resolve())
  })
}
