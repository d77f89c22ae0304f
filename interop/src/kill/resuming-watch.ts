import { request } from 'node:https'
import type { Server } from '../oracle/server.js'

interface WatchLine {
  readonly type: string
  readonly object: {
    readonly code?: number
    readonly message?: string
    readonly metadata: { readonly name: string; readonly resourceVersion: string }
  }
}

/** What a watcher has seen over all lives of a server, and where it goes on. */
export interface Seen {
  last: string
  readonly versions: Set<string>
  readonly deleted: Set<string>
  /** Errors that the server sent as events; there are to be none. */
  readonly errors: string[]
}

/** Watches from `seen.last` until the connection ends or `signal` ends it. Never throws: a server that is killed is expected. */
export function watchUntilGone(server: Server, seen: Seen, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const path = `/api/v1/namespaces/default/configmaps?watch=1&labelSelector=load%3Dkill&resourceVersion=${seen.last}`
    const { hostname, port } = server.url
    const headers = server.token ? { authorization: `Bearer ${server.token}` } : {}
    const outgoing = request({ agent: server.agent, hostname, port, path, headers, signal }, (response) => {
      let rest = ''
      response.setEncoding('utf8')
      response.on('data', (text: string) => {
        const lines = (rest + text).split('\n')
        rest = lines.pop() ?? ''
        for (const line of lines) take(JSON.parse(line) as WatchLine, seen)
      })
      response.on('error', () => resolve())
      response.on('close', () => resolve())
    })
    outgoing.on('error', () => resolve())
    outgoing.end()
  })
}

function take({ type, object }: WatchLine, seen: Seen): void {
  if (type === 'ERROR') return void seen.errors.push(object.message ?? String(object.code))
  seen.last = object.metadata.resourceVersion
  seen.versions.add(object.metadata.resourceVersion)
  if (type === 'DELETED') seen.deleted.add(object.metadata.name)
}
