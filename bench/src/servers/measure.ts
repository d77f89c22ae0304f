import { spawn } from 'node:child_process'
import { request } from 'node:https'
import { fileURLToPath } from 'node:url'
import { configMap, load } from './load.js'
import type { Subject } from './subject.js'

/** What is measured of one server, in the order of the table. */
export interface Figures {
  'start to first kubectl get (ms)': number
  'idle memory (MiB)': number
  'durable creates/s, 1 in flight': number
  'durable creates/s, 16 in flight': number
  'durable creates/s, 256 in flight': number
  'gets/s, 256 in flight': number
  'list of 10,000 (ms, median of 7)': number
  'memory after lists (MiB)': number
  'watch events/s to 1,000 watchers': number
  'watchers closed of 1,000': number
}

const creates = { 1: 1_500, 16: 6_000, 256: 12_000 } as const
const gets = 40_000
const listed = 10_000
const watchers = 1_000
const watched = 300

export async function measure(subject: Subject, log: (line: string) => void): Promise<Figures> {
  const idle = subject.memory()
  await namespace(subject, 'bench-creates')
  await namespace(subject, 'bench-list')
  await namespace(subject, 'bench-watch')
  const created: Record<number, number> = {}
  for (const inFlight of [1, 16, 256] as const) created[inFlight] = await rate(subject, 'bench-creates', creates[inFlight], inFlight, log)
  await call(
    subject,
    'POST',
    '/api/v1/namespaces/bench-list/configmaps',
    JSON.stringify({ metadata: { name: 'one' }, data: { value: 'x'.repeat(1000) } }),
  )
  const got = await load(subject, '/api/v1/namespaces/bench-list/configmaps/one', gets, 256)
  log(`${subject.name}: ${Math.round(got.perSecond)} gets/s, ${got.failed} failed`)
  await load(subject, '/api/v1/namespaces/bench-list/configmaps', listed - 1, 64, configMap('bench-list'))
  const times: number[] = []
  for (let round = 0; round < 7; round++) times.push(await listTime(subject))
  log(`${subject.name}: lists in ${times.map(Math.round).join(', ')} ms`)
  const memory = subject.memory()
  const fanOut = await watch(subject)
  log(`${subject.name}: ${JSON.stringify(fanOut)}`)
  return {
    'start to first kubectl get (ms)': Math.round(subject.start),
    'idle memory (MiB)': idle,
    'durable creates/s, 1 in flight': created[1] ?? 0,
    'durable creates/s, 16 in flight': created[16] ?? 0,
    'durable creates/s, 256 in flight': created[256] ?? 0,
    'gets/s, 256 in flight': Math.round(got.perSecond),
    'list of 10,000 (ms, median of 7)': Math.round(times.sort((a, b) => a - b)[3] ?? 0),
    'memory after lists (MiB)': memory,
    'watch events/s to 1,000 watchers': Math.round(fanOut.events / fanOut.seconds),
    'watchers closed of 1,000': fanOut.closed,
  }
}

async function rate(subject: Subject, namespace: string, requests: number, inFlight: number, log: (line: string) => void): Promise<number> {
  const { perSecond, failed } = await load(subject, `/api/v1/namespaces/${namespace}/configmaps`, requests, inFlight, configMap(namespace))
  log(`${subject.name}: ${Math.round(perSecond)} creates/s at ${inFlight} in flight, ${failed} failed`)
  return Math.round(perSecond)
}

function namespace(subject: Subject, name: string): Promise<number> {
  return call(subject, 'POST', '/api/v1/namespaces', JSON.stringify({ metadata: { name } }))
}

/** Bytes of the answer. */
function call(subject: Subject, method: string, path: string, body?: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const headers = {
      authorization: `Bearer ${subject.token}`,
      accept: 'application/json',
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    }
    const outgoing = request(`${subject.url}${path}`, { method, headers, rejectUnauthorized: false }, (response) => {
      let bytes = 0
      response.on('data', (chunk: Buffer) => {
        bytes += chunk.length
      })
      response.on('end', () =>
        (response.statusCode ?? 0) < 300 ? resolve(bytes) : reject(new Error(`${method} ${path}: ${response.statusCode}`)),
      )
    })
    outgoing.on('error', reject)
    outgoing.end(body)
  })
}

async function listTime(subject: Subject): Promise<number> {
  const began = performance.now()
  const bytes = await call(subject, 'GET', '/api/v1/namespaces/bench-list/configmaps?resourceVersion=0')
  if (bytes < listed * 1000) throw new Error(`a list of ${bytes} bytes is too short`)
  return performance.now() - began
}

async function watch(subject: Subject): Promise<{ events: number; closed: number; seconds: number }> {
  const path = '/api/v1/namespaces/bench-watch/configmaps?watch=1&resourceVersion=0'
  const program = fileURLToPath(new URL('./watchers.js', import.meta.url))
  const child = spawn(process.execPath, [program, subject.url, subject.token, path, String(watchers), String(watchers * watched)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let text = ''
  const lines: ((line: string) => void)[] = []
  child.stdout.on('data', (data: Buffer) => {
    text += data.toString()
    for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n')) {
      lines.shift()?.(text.slice(0, end))
      text = text.slice(end + 1)
    }
  })
  const nextLine = (): Promise<string> => new Promise((resolve) => lines.push(resolve))
  const open = nextLine()
  const result = nextLine()
  await open
  await load(subject, '/api/v1/namespaces/bench-watch/configmaps', watched, 8, configMap('bench-watch'))
  return JSON.parse(await result) as { events: number; closed: number; seconds: number }
}
