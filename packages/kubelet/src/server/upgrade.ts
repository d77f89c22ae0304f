import { request as httpRequest, type IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { rpcText } from '@treeline/cri'
import { containerNamed } from '../assigned-pod.js'
import type { NodeAgent } from '../node-agent.js'
import type { PodWorkers } from '../pods/pod-workers.js'
import { newest } from '../runtime/pod-runtime.js'
import { HttpError } from './http-error.js'

export interface UpgradeContext {
  readonly agent: NodeAgent
  readonly workers: PodWorkers
  readonly url: URL
}

type StreamUrl = (context: UpgradeContext, segments: readonly string[]) => Promise<string>

const streams: Readonly<Record<string, StreamUrl>> = { exec: execUrl, attach: attachUrl, portForward: portForwardUrl }

/** Exec, attach and port-forward: asks the runtime where the stream is served, and joins the two connections. */
export async function upgrade(context: UpgradeContext, request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
  const [name = '', ...segments] = context.url.pathname.split('/').filter(Boolean).map(decodeURIComponent)
  const streamUrl = Object.hasOwn(streams, name) ? streams[name] : undefined
  if (streamUrl === undefined) throw new HttpError(404, '404 page not found')
  await splice(new URL(await streamUrl(context, segments)), request, socket, head)
}

async function execUrl({ agent, workers, url }: UpgradeContext, segments: readonly string[]): Promise<string> {
  const containerId = runningContainer(agent, workers, segments)
  const cmd = url.searchParams.getAll('command')
  if (cmd.length === 0) throw new HttpError(400, 'you must specify at least 1 command to execute')
  const { url: stream } = await asked(agent.runtime.exec({ containerId, cmd, ...streamFlags(url) }, { signal: agent.signal }))
  return stream
}

async function attachUrl({ agent, workers, url }: UpgradeContext, segments: readonly string[]): Promise<string> {
  const containerId = runningContainer(agent, workers, segments)
  const { url: stream } = await asked(agent.runtime.attach({ containerId, ...streamFlags(url) }, { signal: agent.signal }))
  return stream
}

async function portForwardUrl(
  { agent, workers, url }: UpgradeContext,
  [namespace = '', name = '', uid]: readonly string[],
): Promise<string> {
  const pod = workers.named(namespace, name)
  if (pod === undefined || (uid !== undefined && pod.metadata.uid !== uid)) throw new HttpError(404, 'pod does not exist')
  const sandbox = agent.cache.get(pod.metadata.uid).sandboxes.find(({ ready }) => ready)
  if (sandbox === undefined) throw new HttpError(500, `failed to find sandboxID for pod ${name}_${namespace}`)
  const port = url.searchParams.getAll('port').flatMap((text) => text.split(',').map(Number))
  if (port.some((number) => !Number.isInteger(number) || number < 1 || number > 65_535)) throw new HttpError(400, 'invalid port')
  const { url: stream } = await asked(agent.runtime.portForward({ podSandboxId: sandbox.id, port }, { signal: agent.signal }))
  return stream
}

function runningContainer(agent: NodeAgent, workers: PodWorkers, segments: readonly string[]): string {
  const [namespace = '', name = ''] = segments
  const container = segments.at(-1) ?? ''
  const uid = segments.length > 3 ? segments[2] : undefined
  const pod = workers.named(namespace, name)
  if (pod === undefined || (uid !== undefined && pod.metadata.uid !== uid)) throw new HttpError(404, 'pod does not exist')
  if (containerNamed(pod, container) === undefined) throw new HttpError(404, `container "${container}" not found in pod "${name}"`)
  const found = newest(agent.cache.get(pod.metadata.uid), container)
  if (found?.state !== 'running') throw new HttpError(500, `container not found ("${container}")`)
  return found.id
}

/** Parameters of the agent's own; clients that skip the API server may send the API server's. */
function streamFlags({ searchParams }: URL) {
  const flag = (...names: string[]) => names.some((name) => ['1', 'true'].includes(searchParams.get(name) ?? ''))
  const tty = flag('tty')
  const flags = { stdin: flag('input', 'stdin'), stdout: flag('output', 'stdout'), stderr: flag('error', 'stderr') && !tty, tty }
  if (!flags.stdin && !flags.stdout && !flags.stderr) throw new HttpError(400, 'you must specify at least 1 of stdin, stdout, stderr')
  return flags
}

async function asked<T>(call: Promise<T>): Promise<T> {
  try {
    return await call
  } catch (error) {
    throw new HttpError(500, rpcText(error))
  }
}

/** Forwards an upgrade request as it is, and then bytes both ways. What is inside is between the client and the runtime. */
function splice(target: URL, request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    const onward = httpRequest(target, { method: request.method ?? 'GET', headers: { ...forwarded(request), host: target.host } })
    onward.on('error', reject)
    onward.on('response', (response) => {
      socket.write(`HTTP/1.1 ${response.statusCode} ${response.statusMessage}\r\n${headerLines(response.rawHeaders)}\r\n`)
      response.pipe(socket)
      resolve()
    })
    onward.on('upgrade', (response, stream, rest) => {
      socket.write(`HTTP/1.1 101 Switching Protocols\r\n${headerLines(response.rawHeaders)}\r\n`)
      if (rest.length > 0) socket.write(rest)
      if (head.length > 0) stream.write(head)
      socket.pipe(stream).pipe(socket)
      socket.on('error', () => stream.destroy())
      stream.on('error', () => socket.destroy())
      socket.on('close', () => stream.destroy())
      stream.on('close', () => socket.destroy())
      resolve()
    })
    onward.end()
  })
}

function forwarded({ headers }: IncomingMessage): Record<string, string | string[]> {
  const result: Record<string, string | string[]> = {}
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined && name !== 'authorization' && name !== 'host') result[name] = value
  }
  return result
}

function headerLines(rawHeaders: readonly string[]): string {
  let lines = ''
  for (let index = 0; index < rawHeaders.length; index += 2) lines += `${rawHeaders[index]}: ${rawHeaders[index + 1]}\r\n`
  return lines
}
