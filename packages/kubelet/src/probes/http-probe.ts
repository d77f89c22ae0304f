import { request as httpRequest, type IncomingMessage } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { dialError, joinHostPort, longestOutput, type PodEndpoint, type ProbeOutcome } from './outcome.js'

export interface HttpTarget {
  readonly scheme: 'http' | 'https'
  readonly host: string
  readonly port: number
  readonly path: string
  readonly headers: readonly { readonly name: string; readonly value: string }[]
}

const mostRedirects = 10

/**
 * GETs the target. 200 to 399 is success; a redirect to the same host is followed, one to another host is a success with
 * a warning. Certificates are not verified. The timeout, in milliseconds, covers the whole exchange.
 */
export async function probeHttp(target: HttpTarget, endpoint: PodEndpoint, timeout: number): Promise<ProbeOutcome> {
  const signal = AbortSignal.timeout(timeout)
  let { scheme, host, port, path } = target
  for (let redirects = 0; ; redirects++) {
    const url = `${scheme}://${joinHostPort(host, port)}${path}`
    try {
      const { status, location, body } = await get({ ...target, scheme, host, port, path }, endpoint, signal)
      if (status >= 300 && status < 400 && location !== undefined) {
        const next = new URL(location, url)
        if (next.hostname.replace(/^\[|\]$/g, '') !== host)
          return { result: 'warning', output: `Probe terminated redirects, Response body: ${body}` }
        if (redirects === mostRedirects) return { result: 'failure', output: `Get "${url}": stopped after ${mostRedirects} redirects` }
        scheme = next.protocol === 'https:' ? 'https' : 'http'
        port = Number(next.port || (scheme === 'https' ? 443 : 80))
        path = `${next.pathname}${next.search}`
        continue
      }
      if (status >= 200 && status < 400) return { result: 'success', output: body }
      return { result: 'failure', output: `HTTP probe failed with statuscode: ${status}` }
    } catch (error) {
      const why = signal.aborted
        ? 'context deadline exceeded (Client.Timeout exceeded while awaiting headers)'
        : dialError(host, port, error)
      return { result: 'failure', output: `Get "${url}": ${why}` }
    }
  }
}

function get(
  { scheme, host, port, path, headers }: HttpTarget,
  endpoint: PodEndpoint,
  signal: AbortSignal,
): Promise<{ status: number; location: string | undefined; body: string }> {
  const place = endpoint(host, port)
  return new Promise((resolve, reject) => {
    const answered = (response: IncomingMessage) => {
      const chunks: Buffer[] = []
      let length = 0
      const done = () =>
        resolve({
          status: response.statusCode ?? 0,
          location: response.headers.location,
          body: Buffer.concat(chunks).subarray(0, longestOutput).toString(),
        })
      response.on('data', (chunk: Buffer) => {
        chunks.push(chunk)
        length += chunk.length
        if (length < longestOutput) return
        response.destroy()
        done()
      })
      response.on('end', done)
      response.on('error', reject)
    }
    const options = { host: place.host, port: place.port, path, signal, agent: false, headers: headersFor(host, port, headers) }
    const call = scheme === 'https' ? httpsRequest({ ...options, rejectUnauthorized: false }, answered) : httpRequest(options, answered)
    call.on('error', reject)
    call.end()
  })
}

function headersFor(host: string, port: number, own: HttpTarget['headers']): Record<string, string | string[]> {
  const headers: Record<string, string | string[]> = {}
  for (const { name, value } of own) {
    const key = name.toLowerCase()
    const before = headers[key]
    headers[key] = before === undefined || key === 'host' ? value : [...(Array.isArray(before) ? before : [before]), value]
  }
  headers['host'] ??= joinHostPort(host, port)
  headers['user-agent'] ??= 'kube-probe/1.35'
  headers['accept'] ??= '*/*'
  headers['connection'] = 'close'
  return headers
}
