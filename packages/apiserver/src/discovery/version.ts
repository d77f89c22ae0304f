import { errors } from '@treeline/machinery'
import { answerHeaders } from '../http/answer.js'
import type { Stage } from '../http/pipeline.js'

/** What the server says of itself at `/version`. The wire level is that of Kubernetes v1.35. */
export const versionInfo = {
  major: '1',
  minor: '35',
  emulationMajor: '1',
  emulationMinor: '35',
  minCompatibilityMajor: '1',
  minCompatibilityMinor: '34',
  gitVersion: 'v1.35.0+treeline',
  gitCommit: '',
  gitTreeState: '',
  buildDate: '1970-01-01T00:00:00Z',
  goVersion: '',
  compiler: 'typescript',
  platform: `${process.platform}/${process.arch === 'x64' ? 'amd64' : process.arch}`,
} as const

const body = JSON.stringify(versionInfo, null, 2)

export const serveVersion: Stage = (exchange) => {
  if (exchange.info.path !== '/version' && exchange.info.path !== '/version/') return
  if (exchange.request.method !== 'GET') throw errors.genericResponse(405)
  exchange.responder.send(200, answerHeaders(exchange, 'application/json'), body)
}
