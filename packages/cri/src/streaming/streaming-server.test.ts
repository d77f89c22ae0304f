import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { createServer, request } from 'node:http'
import type { Duplex } from 'node:stream'
import { after, before, test } from 'node:test'
import { WebSocket } from 'ws'
import { serveCommandUpgrade, serveTunnelUpgrade } from './accept-websocket.js'
import { portForwardTunnel } from './port-forward.js'
import { dialPortForward, relayCommand } from './relay.js'
import { type CommandRunner, exitCodeOf, type StreamFlags } from './remote-command.js'
import { SpdyConnection } from './spdy/spdy-connection.js'
import { StreamingServer } from './streaming-server.js'

let server: StreamingServer
before(async () => {
  server = await StreamingServer.listen()
})
after(() => server.close())

const flags: StreamFlags = { stdin: true, stdout: true, stderr: true, tty: false }
const echo: CommandRunner = async ({ stdin, stdout, stderr }) => {
  for await (const chunk of stdin ?? []) stdout?.write(chunk)
  stderr?.write('done')
  return 7
}
const forward = async (port: number, stream: Duplex) => {
  if (port === 1) throw new Error('nobody listens')
  for await (const chunk of stream) stream.write(`${port}:${chunk}`)
  stream.end()
}

/** Plays a WebSocket client: sends, and gathers what comes on each channel until the server closes. */
function converse(
  url: string,
  protocols: string[],
  messages: (Buffer | string)[],
): Promise<{ protocol: string; channels: Record<number, string> }> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(url.replace('http', 'ws'), protocols)
    const channels: Record<number, string> = {}
    socket.on('open', () => {
      for (const message of messages) socket.send(message)
    })
    socket.on('message', (data) => {
      const base64 = socket.protocol.includes('base64')
      const channel = base64 ? Number(data.toString('latin1', 0, 1)) : (data[0] ?? 0)
      channels[channel] = (channels[channel] ?? '') + (base64 ? Buffer.from(data.toString('latin1', 1), 'base64') : data.subarray(1))
    })
    socket.on('close', () => resolve({ protocol: socket.protocol, channels }))
    socket.on('error', reject)
  })
}

const closeInput = Buffer.from([255, 0])

test('a v5 client closes its input, and reads output, errors and the exit code', async () => {
  const { protocol, channels } = await converse(
    server.commandUrl('exec', flags, echo),
    ['v5.channel.k8s.io', 'v4.channel.k8s.io'],
    [Buffer.from('\0hello'), closeInput],
  )
  assert.equal(protocol, 'v5.channel.k8s.io')
  assert.deepEqual([channels[1], channels[2], exitCodeOf(channels[3] ?? '')], ['hello', 'done', 7])
})

test('a base64 client is served in base64', async () => {
  const quick: CommandRunner = async ({ stdout }) => {
    stdout?.write('plain')
    return 0
  }
  const { channels } = await converse(server.commandUrl('attach', { ...flags, stdin: false }, quick), ['v4.base64.channel.k8s.io'], [])
  assert.deepEqual([channels[1], exitCodeOf(channels[3] ?? '')], ['plain', 0])
})

test('terminal sizes reach the command', async () => {
  const sized: CommandRunner = ({ onResize }) => new Promise((resolve) => onResize(({ width, height }) => resolve(width + height)))
  const url = server.commandUrl('exec', { stdin: true, stdout: true, stderr: false, tty: true }, sized)
  const { channels } = await converse(url, ['v5.channel.k8s.io'], [Buffer.from('\u0004{"Width":80,"Height":24}')])
  assert.equal(exitCodeOf(channels[3] ?? ''), 104)
})

test('a command that cannot run is a failure with its words', async () => {
  const { channels } = await converse(
    server.commandUrl('exec', flags, async () => {
      throw new Error('no such program')
    }),
    ['v4.channel.k8s.io'],
    [],
  )
  assert.throws(() => exitCodeOf(channels[3] ?? ''), { message: 'no such program' })
})

test('a URL is good once, and flags must make sense', async () => {
  const url = server.commandUrl('exec', { ...flags, stdin: false }, async () => 0)
  await converse(url, ['v4.channel.k8s.io'], [])
  await assert.rejects(converse(url, ['v4.channel.k8s.io'], []), /404/)
  assert.throws(() => server.commandUrl('exec', { ...flags, tty: true }, echo), /tty and stderr/)
  assert.throws(() => server.commandUrl('exec', { stdin: false, stdout: false, stderr: false, tty: false }, echo), /one of stdin/)
})

test('ports are forwarded over SPDY, failures told on the error stream', async () => {
  const connection = new SpdyConnection(await dialPortForward(server.portForwardUrl([], forward)), { role: 'client' })
  const open = async (port: number, id: string) => {
    const headers = (type: string) =>
      new Map([
        ['streamtype', type],
        ['port', String(port)],
        ['requestid', id],
      ])
    const error = await connection.open(headers('error'))
    const data = await connection.open(headers('data'))
    error.end()
    data.end('hi')
    return Promise.all([text(data), text(error)])
  }
  assert.deepEqual(await open(8080, '0'), ['8080:hi', ''])
  assert.deepEqual(await open(1, '1'), ['', 'nobody listens'])
  connection.close()
})

test('ports are forwarded on WebSocket channels that begin with the port', async () => {
  const one = async (port: number, stream: Duplex) => {
    stream.end(`from ${port}`)
  }
  const { channels } = await converse(server.portForwardUrl([8080], one), ['v4.channel.k8s.io'], [])
  assert.equal(channels[0], '\u0090\u001ffrom 8080'.replace('\u0090', '\ufffd'))
})

async function text(stream: AsyncIterable<Buffer>): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of stream) chunks.push(chunk)
  return Buffer.concat(chunks).toString()
}

test('an agent serves WebSocket clients from a runtime that speaks SPDY alone', async () => {
  const agent = createServer()
  agent.on('upgrade', (incoming, socket, head) => {
    if (incoming.url === '/tunnel')
      dialPortForward(server.portForwardUrl([], forward)).then((far) => serveTunnelUpgrade(incoming, socket, head, far))
    else serveCommandUpgrade(incoming, socket, head, flags, relayCommand(server.commandUrl('exec', flags, echo), flags))
  })
  await new Promise<void>((resolve) => agent.listen(0, '127.0.0.1', resolve))
  const { port } = agent.address() as { port: number }
  const { channels } = await converse(`http://127.0.0.1:${port}/exec`, ['v5.channel.k8s.io'], [Buffer.from('\0relayed'), closeInput])
  assert.deepEqual([channels[1], channels[2], exitCodeOf(channels[3] ?? '')], ['relayed', 'done', 7])

  const answer = await new Promise<{ protocol: string | undefined; socket: Duplex }>((resolve) => {
    const headers = {
      connection: 'Upgrade',
      upgrade: 'websocket',
      'sec-websocket-version': '13',
      'sec-websocket-key': randomBytes(16).toString('base64'),
      'sec-websocket-protocol': portForwardTunnel,
    }
    const call = request({ port, host: '127.0.0.1', path: '/tunnel', headers })
    call.on('upgrade', (response, socket) => resolve({ protocol: response.headers['sec-websocket-protocol'], socket }))
    call.end()
  })
  assert.equal(answer.protocol, portForwardTunnel)
  answer.socket.destroy()
  agent.close()
})
