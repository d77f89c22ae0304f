import type { RawAnswer, Server } from '../oracle/server.js'
import { send } from '../oracle/server.js'

/** What writers were told is done, over all lives of a server. */
export interface Acknowledged {
  /** By name: the counter that was last acknowledged. */
  readonly values: Map<string, number>
  readonly deleted: Set<string>
  /** Every resourceVersion that an answer to a create or update carried. */
  readonly versions: Set<string>
  /** Names whose last request was never answered: they may be in either state. */
  readonly uncertain: Set<string>
}

export const nothingAcknowledged = (): Acknowledged => ({
  values: new Map(),
  deleted: new Set(),
  versions: new Set(),
  uncertain: new Set(),
})

const collection = '/api/v1/namespaces/default/configmaps'

/** One writer: creates, counts up, and deletes every third, until the server is gone or `signal` ends it. */
export async function writeUntilGone(server: Server, writer: string, acknowledged: Acknowledged, signal: AbortSignal): Promise<void> {
  for (let index = 0; !signal.aborted; index++) {
    const name = `${writer}-${index}`
    if (!(await step(server, 'POST', collection, name, 0, acknowledged))) return
    for (const value of [1, 2]) if (!(await step(server, 'PUT', `${collection}/${name}`, name, value, acknowledged))) return
    if (index % 3 === 0) {
      const { code } = await send(server, { method: 'DELETE', path: `${collection}/${name}` })
      if (code !== 200) return void acknowledged.uncertain.add(name)
      acknowledged.values.delete(name)
      acknowledged.deleted.add(name)
    }
  }
}

async function step(
  server: Server,
  method: string,
  path: string,
  name: string,
  value: number,
  acknowledged: Acknowledged,
): Promise<boolean> {
  const answer = await send(server, {
    method,
    path,
    body: { metadata: { name, labels: { load: 'kill' } }, data: { value: String(value) } },
  })
  const version = versionOf(answer)
  if (version === undefined) {
    acknowledged.uncertain.add(name)
    return false
  }
  acknowledged.versions.add(version)
  acknowledged.values.set(name, value)
  return true
}

function versionOf({ code, text }: RawAnswer): string | undefined {
  if (code !== 200 && code !== 201) return undefined
  try {
    return (JSON.parse(text) as { metadata: { resourceVersion: string } }).metadata.resourceVersion
  } catch {
    // cut off: not an answer
    return undefined
  }
}
