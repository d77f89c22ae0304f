import { request as httpRequest } from 'node:http'
import type { Duplex, Readable, Writable } from 'node:stream'
import { portForwardProtocol } from './port-forward.js'
import { type CommandRunner, exitCodeOf, type StreamFlags } from './remote-command.js'
import { SpdyConnection } from './spdy/spdy-connection.js'

const dialTime = 30_000

/**
 * Runs a command by the URL of a runtime that speaks SPDY alone: for clients whose protocol it does not know. Rejects when
 * the runtime refuses.
 */
export function relayCommand(url: string, flags: StreamFlags): CommandRunner {
  return async ({ stdin, stdout, stderr, onResize, signal }) => {
    const connection = new SpdyConnection(await dialSpdy(url, 'v4.channel.k8s.io'), { role: 'client' })
    const stop = () => connection.close()
    signal.addEventListener('abort', stop, { once: true })
    try {
      const open = (type: string) => connection.open(new Map([['streamtype', type]]))
      const status = text(await open('error'))
      const input = flags.stdin ? await open('stdin') : undefined
      const output = flags.stdout ? copied(await open('stdout'), stdout) : undefined
      const errors = flags.stderr && !flags.tty ? copied(await open('stderr'), stderr) : undefined
      const sizes = flags.tty ? await open('resize') : undefined
      onResize(({ width, height }) => sizes?.write(`${JSON.stringify({ Width: width, Height: height })}\n`))
      if (input !== undefined) stdin?.pipe(input)
      const told = await status
      await Promise.all([output, errors])
      return exitCodeOf(told)
    } finally {
      signal.removeEventListener('abort', stop)
      connection.close()
    }
  }
}

/** Opens the SPDY connection of a port-forward, for a tunnel to carry. */
export function dialPortForward(url: string): Promise<Duplex> {
  return dialSpdy(url, portForwardProtocol)
}

function dialSpdy(url: string, protocol: string): Promise<Duplex> {
  return new Promise((resolve, reject) => {
    const headers = { connection: 'Upgrade', upgrade: 'SPDY/3.1', 'x-stream-protocol-version': protocol }
    const call = httpRequest(url, { method: 'POST', headers, timeout: dialTime, agent: false })
    call.on('upgrade', (_response, socket, head) => {
      socket.setTimeout(0)
      if (head.length > 0) socket.unshift(head)
      resolve(socket)
    })
    call.on('response', (response) => {
      response.resume()
      reject(new Error(`the runtime answered ${response.statusCode} to a stream request`))
    })
    call.on('timeout', () => call.destroy(new Error('the runtime did not answer a stream request in time')))
    call.on('error', reject)
    call.end()
  })
}

async function text(stream: Readable): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of stream) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString()
}

/** Copies to the end without ending the target, which has more to come or an end of its own. */
function copied(from: Readable, to: Writable | undefined): Promise<void> {
  return new Promise((resolve) => {
    from.once('end', resolve)
    from.once('close', resolve)
    from.once('error', () => resolve())
    if (to === undefined) from.resume()
    else from.pipe(to, { end: false })
  })
}
