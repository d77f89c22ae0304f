import type { IncomingMessage, ServerResponse } from 'node:http'
import { containerNamed } from '../assigned-pod.js'
import { containerLog } from '../logs/container-log-file.js'
import { LogQueryError, parseLogQuery } from '../logs/log-query.js'
import { readLog } from '../logs/read-log.js'
import { HttpError } from './http-error.js'
import type { RouteContext } from './route.js'

/** `/containerLogs/<namespace>/<pod>/<container>`: the log as text, in chunks as it comes when it is followed. */
export async function containerLogs(
  { agent, workers, url, segments }: RouteContext,
  _request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const [namespace = '', name = '', container = ''] = segments
  const query = checkedQuery(url.searchParams, agent.clock.now())
  const pod = workers.named(namespace, name)
  if (pod === undefined) throw new HttpError(404, `pod "${name}" does not exist`)
  if (containerNamed(pod, container) === undefined) throw new HttpError(404, `container "${container}" not found in pod "${name}"`)
  const gone = new AbortController()
  response.on('close', () => gone.abort())
  const source = orBadRequest(() => containerLog(agent, pod, container, query.previous, gone.signal))
  response.setHeader('content-type', 'text/plain; charset=utf-8')
  try {
    if (query.follow) response.flushHeaders()
    for await (const chunk of readLog(source, query)) {
      if (!response.write(chunk)) await drained(response, gone.signal)
      if (gone.signal.aborted) return
    }
    response.end()
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || response.headersSent) throw error
    throw new HttpError(400, `failed to try resolving symlinks in path "${source.path}": lstat ${source.path}: no such file or directory`)
  }
}

function checkedQuery(parameters: URLSearchParams, now: number) {
  try {
    return parseLogQuery(parameters, now)
  } catch (error) {
    if (error instanceof LogQueryError) throw new HttpError(error.code, error.message)
    throw error
  }
}

function orBadRequest<T>(make: () => T): T {
  try {
    return make()
  } catch (error) {
    throw new HttpError(400, error instanceof Error ? error.message : String(error))
  }
}

function drained(response: ServerResponse, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve()
    response.once('drain', resolve)
    signal.addEventListener('abort', () => resolve(), { once: true })
  })
}
