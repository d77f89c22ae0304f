import { request as httpRequest, type IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'

/**
 * Forwards an upgrade request as it is, and then bytes both ways: what is inside is between the client and the runtime.
 * Resolves with whether the runtime took it; a refusal goes to the client unless the caller `mayTryOtherwise`.
 */
export function splice(target: URL, request: IncomingMessage, socket: Duplex, head: Buffer, mayTryOtherwise: boolean): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const onward = httpRequest(target, { method: request.method ?? 'GET', headers: { ...forwarded(request), host: target.host } })
    onward.on('error', reject)
    onward.on('response', (response) => {
      if (mayTryOtherwise) {
        response.destroy()
        resolve(false)
        return
      }
      socket.write(`HTTP/1.1 ${response.statusCode} ${response.statusMessage}\r\n${headerLines(response.rawHeaders)}\r\n`)
      response.pipe(socket)
      resolve(false)
    })
    onward.on('upgrade', (response, stream, rest) => {
      socket.write(`HTTP/1.1 101 Switching Protocols\r\n${headerLines(response.rawHeaders)}\r\n`)
      if (rest.length > 0) socket.write(rest)
      if (head.length > 0) stream.write(head)
      socket.pipe(stream).pipe(socket)
      socket.on('error', () => stream.destroy())
      stream.on('error', () => socket.destroy())
      socket.on('close', () => stream.destroy())
      stream.on('close', () => socket.destroy())
      resolve(true)
    })
    onward.end()
  })
}

function forwarded({ headers }: IncomingMessage): Record<string, string | string[]> {
  const result: Record<string, string | string[]> = {}
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined && name !== 'authorization' && name !== 'host') result[name] = value
  }
  return result
}

function headerLines(rawHeaders: readonly string[]): string {
  let lines = ''
  for (let index = 0; index < rawHeaders.length; index += 2) lines += `${rawHeaders[index]}: ${rawHeaders[index + 1]}\r\n`
  return lines
}
