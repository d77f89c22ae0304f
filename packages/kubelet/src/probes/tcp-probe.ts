import { connect } from 'node:net'
import { dialError, joinHostPort, type PodEndpoint, type ProbeOutcome } from './outcome.js'

/** Connects and hangs up. The timeout is in milliseconds. */
export function probeTcp(host: string, port: number, endpoint: PodEndpoint, timeout: number): Promise<ProbeOutcome> {
  const place = endpoint(host, port)
  return new Promise((resolve) => {
    const socket = connect({ host: place.host, port: place.port, timeout })
    const end = (outcome: ProbeOutcome) => {
      socket.resetAndDestroy()
      resolve(outcome)
    }
    socket.once('connect', () => end({ result: 'success', output: '' }))
    socket.once('timeout', () => end({ result: 'failure', output: `dial tcp ${joinHostPort(host, port)}: i/o timeout` }))
    socket.once('error', (error) => end({ result: 'failure', output: dialError(host, port, error) }))
  })
}
