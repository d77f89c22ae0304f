// Run as a process of its own: opens watches over HTTP/2 and counts events. Speaks JSON lines on standard output.
import { type ClientHttp2Session, connect } from 'node:http2'

const [url = '', token = '', path = '', countText = '1000', expectedText = '0'] = process.argv.slice(2)
const count = Number(countText)
const expected = Number(expectedText)
const perSession = 50
const idle = 15_000

let events = 0
/** Watches that have been answered, or will never be. */
let settled = 0
let closed = 0
let first = 0
let last = 0
const sessions: ClientHttp2Session[] = []
const newline = 0x0a

function finish(): void {
  process.stdout.write(`${JSON.stringify({ events, closed, seconds: Math.max(last - first, 1) / 1000 })}\n`)
  for (const session of sessions) session.destroy()
  process.exit(0)
}

for (let index = 0; index < count; index++) {
  if (index % perSession === 0) {
    const session = connect(url, { rejectUnauthorized: false })
    session.on('error', () => undefined)
    sessions.push(session)
  }
  const stream = sessions[Math.floor(index / perSession)]?.request({
    ':path': path,
    authorization: `Bearer ${token}`,
    accept: 'application/json',
  })
  let answered = false
  const settle = (): void => {
    if (answered) return
    answered = true
    if (++settled === count) process.stdout.write(`${JSON.stringify({ settled })}\n`)
  }
  stream?.on('response', settle)
  stream?.on('data', (chunk: Buffer) => {
    first ||= performance.now()
    last = performance.now()
    for (let at = chunk.indexOf(newline); at >= 0; at = chunk.indexOf(newline, at + 1)) events++
    if (events >= expected) finish()
  })
  stream?.on('error', () => undefined)
  stream?.on('close', () => {
    closed++
    settle()
  })
}

setInterval(() => {
  // A server that has closed every watch sends no event more.
  if (closed === count || (first > 0 && performance.now() - last > idle)) finish()
}, 1000)
