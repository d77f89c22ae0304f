import { open, readFile, rename } from 'node:fs/promises'
import { join } from 'node:path'

/** Everything the cloud must not forget. Written whole, to a new file that then takes the old one's place. */
export interface CloudRecord {
  readonly slot: number
  readonly token: string
  readonly instances: InstanceRecord[]
  readonly loadBalancers: LoadBalancerRecord[]
  readonly routes: RouteRecord[]
  /** Counts up, so that a name or address is never handed out twice. */
  nextInstance: number
  nextRoute: number
}

export interface InstanceRecord {
  readonly id: string
  readonly name: string
  readonly zone: string
  readonly type: string
  readonly address: string
  state: 'running' | 'stopped'
}

export interface LoadBalancerRecord {
  readonly name: string
  readonly cluster: string
  /** Who it was opened for, `namespace/name`. */
  readonly service: string
  readonly address: string
  listeners: ListenerRecord[]
  backends: BackendRecord[]
  healthCheck: HealthCheckRecord
  /** CIDRs that may connect; everyone when empty. */
  sourceRanges: string[]
}

export interface ListenerRecord {
  readonly port: number
  /** Where it really listens: the port itself, or a higher one where the user may not open the port. */
  listenPort?: number
  readonly backendPort: number
}

export interface BackendRecord {
  readonly instance: string
  readonly address: string
}

export type HealthCheckRecord = { readonly type: 'tcp' } | { readonly type: 'http'; readonly port: number; readonly path: string }

export interface RouteRecord {
  readonly id: string
  readonly cluster: string
  readonly destination: string
  readonly instance: string
}

export interface StateFile {
  readonly record: CloudRecord
  /** Resolves when what the record says now is on disk. Calls made meanwhile share one write. */
  save(): Promise<void>
}

/** Reads the state below `directory`, or starts with `initial`. Throws on a file that is not a state. */
export async function openState(directory: string, initial: () => CloudRecord): Promise<StateFile> {
  const path = join(directory, 'cloud.json')
  const record = (await readState(path)) ?? initial()
  let writing: Promise<void> | undefined
  let pending: Promise<void> | undefined

  async function write(): Promise<void> {
    const temporary = `${path}.new`
    const file = await open(temporary, 'w', 0o600)
    try {
      await file.writeFile(JSON.stringify(record, null, 1))
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(temporary, path)
  }

  function save(): Promise<void> {
    // one write runs and at most one waits: the waiting one will see every change made before it starts
    if (!writing) {
      writing = write().finally(() => {
        writing = undefined
      })
      return writing
    }
    pending ??= writing
      .catch(() => undefined)
      .then(() => {
        pending = undefined
        return save()
      })
    return pending
  }
  return { record, save }
}

async function readState(path: string): Promise<CloudRecord | undefined> {
  let text: string
  try {
    text = await readFile(path, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
  try {
    const record = JSON.parse(text) as CloudRecord
    if (!Array.isArray(record.instances) || !Array.isArray(record.loadBalancers) || !Array.isArray(record.routes))
      throw new Error('a list is missing')
    return record
  } catch (error) {
    throw new Error(`${path} is not a cloud's state: ${error instanceof Error ? error.message : String(error)}`, { cause: error })
  }
}
