import { rpcText, type StreamFlags } from '@treeline/cri'
import { containerNamed } from '../assigned-pod.js'
import type { NodeAgent } from '../node-agent.js'
import type { PodWorkers } from '../pods/pod-workers.js'
import { newest } from '../runtime/pod-runtime.js'
import { HttpError } from './http-error.js'

export interface StreamRequest {
  readonly agent: NodeAgent
  readonly workers: PodWorkers
  readonly url: URL
  /** What follows the kind of the stream in the path, decoded. */
  readonly segments: readonly string[]
}

/** Asks the runtime where a stream is served. Throws an HttpError when there is no such thing to stream. */
export type StreamUrl = (request: StreamRequest) => Promise<string>

/** By the first segment of the path. */
export const streamUrls: Readonly<Record<string, StreamUrl>> = { exec: execUrl, attach: attachUrl, portForward: portForwardUrl }

async function execUrl({ agent, workers, url, segments }: StreamRequest): Promise<string> {
  const containerId = runningContainer(agent, workers, segments)
  const cmd = url.searchParams.getAll('command')
  if (cmd.length === 0) throw new HttpError(400, 'you must specify at least 1 command to execute')
  const { url: stream } = await asked(agent.runtime.exec({ containerId, cmd, ...streamFlags(url) }, { signal: agent.signal }))
  return stream
}

async function attachUrl({ agent, workers, url, segments }: StreamRequest): Promise<string> {
  const containerId = runningContainer(agent, workers, segments)
  const { url: stream } = await asked(agent.runtime.attach({ containerId, ...streamFlags(url) }, { signal: agent.signal }))
  return stream
}

async function portForwardUrl({ agent, workers, url, segments }: StreamRequest): Promise<string> {
  const [namespace = '', name = '', uid] = segments
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
export function streamFlags({ searchParams }: URL): StreamFlags {
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
