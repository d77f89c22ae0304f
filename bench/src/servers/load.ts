import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Subject } from './subject.js'

export interface LoadResult {
  readonly perSecond: number
  readonly failed: number
}

/** A ConfigMap of about a kilobyte, with a name of the server's choosing. */
export const configMap = (namespace: string): string =>
  JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { generateName: 'b-', namespace }, data: { value: 'x'.repeat(1000) } })

/** Requests with h2load, which is no bottleneck: `inFlight` of them at a time, over 16 connections at most. Throws when h2load is missing. */
export async function load(subject: Subject, path: string, requests: number, inFlight: number, body?: string): Promise<LoadResult> {
  const directory = await mkdtemp(join(tmpdir(), 'load-'))
  try {
    const connections = Math.min(16, inFlight)
    const args = [
      '-n',
      String(requests),
      '-c',
      String(connections),
      '-m',
      String(Math.ceil(inFlight / connections)),
      '-H',
      `authorization: Bearer ${subject.token}`,
      '-H',
      'accept: application/json',
    ]
    if (body !== undefined) {
      const file = join(directory, 'body')
      await writeFile(file, body)
      args.push('-d', file, '-H', 'content-type: application/json')
    }
    const text = await new Promise<string>((resolve, reject) => {
      execFile('h2load', [...args, `${subject.url}${path}`], { timeout: 300_000 }, (error, stdout) =>
        error ? reject(error) : resolve(stdout),
      )
    })
    const perSecond = Number(/finished in .*?, ([\d.]+) req\/s/.exec(text)?.[1] ?? 0)
    const [, succeeded = 0] = (/(\d+) succeeded/.exec(text) ?? []).map(Number)
    const ok = Number(/status codes: (\d+) 2xx/.exec(text)?.[1] ?? 0)
    return { perSecond, failed: requests - Math.min(succeeded, ok) }
  } finally {
    await rm(directory, { recursive: true })
  }
}
