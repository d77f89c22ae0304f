import { once } from 'node:events'
import { Worker } from 'node:worker_threads'

/** A worker thread that answers by messages; its failure is told once. */
export interface Thread<To, From extends { readonly type: string }> {
  send(message: To, transfer?: readonly import('node:worker_threads').MessagePort[]): void
  /** The next message of one of these types; rejects when the thread fails or ends first. */
  next<T extends From['type']>(...types: T[]): Promise<Extract<From, { readonly type: T }>>
  on(listener: (message: From) => void): void
  /** Ends the thread when it has not ended by itself within `grace` milliseconds. */
  end(grace: number): Promise<void>
}

export function startThread<To, From extends { readonly type: string; readonly message?: string }>(
  file: URL,
  data: unknown,
  transfer: readonly import('node:worker_threads').MessagePort[] = [],
): Thread<To, From> {
  const worker = new Worker(file, { workerData: data, transferList: [...transfer] })
  const listeners = new Set<(message: From) => void>()
  const failures = new Set<(error: Error) => void>()
  let failed: Error | undefined
  const fail = (error: Error): void => {
    failed ??= error
    for (const listener of [...failures]) listener(error)
  }
  const exited = once(worker, 'exit')
  worker.on('message', (message: From) => {
    if (message.type === 'failed') fail(new Error(message.message ?? 'a thread failed'))
    for (const listener of [...listeners]) listener(message)
  })
  worker.on('error', fail)
  worker.on('exit', () => fail(new Error('the thread has ended')))

  return {
    send: (message, ports = []) => worker.postMessage(message, [...ports]),
    on: (listener) => void listeners.add(listener),
    next<T extends From['type']>(...types: T[]) {
      return new Promise<Extract<From, { readonly type: T }>>((resolve, reject) => {
        if (failed) {
          reject(failed)
          return
        }
        const forget = (): void => {
          listeners.delete(heard)
          failures.delete(broken)
        }
        const heard = (message: From): void => {
          if (!(types as string[]).includes(message.type)) return
          forget()
          resolve(message as Extract<From, { readonly type: T }>)
        }
        const broken = (error: Error): void => {
          forget()
          reject(error)
        }
        listeners.add(heard)
        failures.add(broken)
      })
    },
    async end(grace) {
      const timer = setTimeout(() => void worker.terminate(), grace)
      await exited
      clearTimeout(timer)
    },
  }
}
