import type { IncomingMessage, ServerResponse } from 'node:http'
import { rpcText } from '@treeline/cri'
import { newest } from '../runtime/pod-runtime.js'
import { HttpError } from './http-error.js'
import type { RouteContext } from './route.js'

/** `/run/<namespace>/<pod>[/<uid>]/<container>?cmd=`: the output of a command, both streams together. */
export async function runCommand(
  { agent, workers, url, segments }: RouteContext,
  _request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const [namespace = '', name = ''] = segments
  const uid = segments.length > 3 ? segments[2] : undefined
  const pod = workers.named(namespace, name)
  if (pod === undefined || (uid !== undefined && pod.metadata.uid !== uid)) throw new HttpError(404, 'pod does not exist')
  const container = segments.at(-1) ?? ''
  const found = newest(agent.cache.get(pod.metadata.uid), container)
  if (found?.state !== 'running') throw new HttpError(500, `container not found ("${container}")`)
  const cmd = (url.searchParams.get('cmd') ?? '').split(' ').filter((word) => word !== '')
  if (cmd.length === 0) throw new HttpError(400, 'you must specify at least 1 command to execute')
  const answer = await agent.runtime
    .execSync({ containerId: found.id, cmd }, { signal: agent.signal })
    .catch((error: unknown) => Promise.reject(new HttpError(500, rpcText(error))))
  const output = Buffer.concat([answer.stdout, answer.stderr])
  if (answer.exitCode !== 0) throw new HttpError(500, `command '${cmd.join(' ')}' exited with ${answer.exitCode}: ${output}`)
  response.writeHead(200, { 'content-type': 'text/plain; charset=utf-8' }).end(output)
}
