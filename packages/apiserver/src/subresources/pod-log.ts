import type { IncomingMessage } from 'node:http'
import { Pod } from '@treeline/api'
import { errors, type FieldError, fieldErrors, parseTime, type StatusError } from '@treeline/machinery'
import { answerHeaders } from '../http/answer.js'
import type { SubresourceAnswer, SubresourceCall, SubresourceHandler } from '../registry/subresource-handler.js'
import { containerOf } from './pod-container.js'
import { type Backend, type Backends, dialProblem } from './proxy/backend.js'
import { passOn, send } from './proxy/forward.js'
import { type KubeletAccess, kubeletOf } from './proxy/kubelet.js'
import { QueryOptions } from './query-options.js'

/** Bytes of a kubelet's refusal that are told on. */
const longestRefusal = 50_000

/** `pods/NAME/log`: what a container wrote, from the kubelet of its node. */
export function podLog(backends: Backends, access: KubeletAccess): SubresourceHandler {
  return { group: '', resource: Pod.plural, subresource: 'log', verbs: ['get'], handle: (call) => log(call, backends, access) }
}

async function log(call: SubresourceCall, backends: Backends, access: KubeletAccess): Promise<SubresourceAnswer | undefined> {
  const options = new QueryOptions(call.query)
  const parameters = logParameters(options, call.name)
  const pod = call.internals.get(Pod, call.namespace, call.name)
  if (!pod) throw errors.notFound({ group: '', resource: Pod.plural }, call.name)
  const container = containerOf(pod, options.text('container'))
  const { responder } = call.exchange
  if (!pod.spec?.nodeName) {
    responder.send(204, { 'audit-id': call.exchange.auditId, 'cache-control': 'no-cache, private' })
    return undefined
  }
  const kubelet = kubeletOf(call, pod.spec.nodeName, access)
  const skipsVerification = options.flag('insecureSkipTLSVerifyBackend')
  const backend = skipsVerification ? { ...kubelet, tls: { cert: kubelet.tls?.cert, key: kubelet.tls?.key } } : kubelet
  const path = `/containerLogs/${call.namespace}/${call.name}/${container}`
  const answer = await ask(call, backends, backend, `${path}?${parameters}`)
  if (answer.statusCode !== undefined && (answer.statusCode < 200 || answer.statusCode > 206)) throw await refusal(call, answer)
  await passOn(answer, responder.start(200, answerHeaders(call.exchange, 'text/plain')))
  return undefined
}

/** What the kubelet is asked. Throws Invalid. */
function logParameters(options: QueryOptions, podName: string): URLSearchParams {
  const sinceSeconds = options.integer('sinceSeconds')
  const sinceTime = options.text('sinceTime')
  const tailLines = options.integer('tailLines')
  const limitBytes = options.integer('limitBytes')
  const problems: FieldError[] = []
  if (tailLines !== undefined && tailLines < 0)
    problems.push(fieldErrors.invalid('tailLines', tailLines, 'must be greater than or equal to 0'))
  if (limitBytes !== undefined && limitBytes < 1) problems.push(fieldErrors.invalid('limitBytes', limitBytes, 'must be greater than 0'))
  if (sinceSeconds !== undefined && sinceTime !== '') {
    problems.push(fieldErrors.forbidden('[]', 'at most one of `sinceTime` or `sinceSeconds` may be specified'))
  } else if (sinceSeconds !== undefined && sinceSeconds < 1) {
    problems.push(fieldErrors.invalid('sinceSeconds', sinceSeconds, 'must be greater than 0'))
  }
  if (options.text('stream') !== '') problems.push(fieldErrors.forbidden('stream', 'may not be specified'))
  if (problems.length > 0) throw errors.invalid({ group: '', kind: 'PodLogOptions' }, podName, problems)
  if (sinceTime !== '' && parseTime(sinceTime) === undefined)
    throw errors.badRequest(`parsing time ${JSON.stringify(sinceTime)}: invalid time`)
  const parameters = new URLSearchParams()
  for (const name of ['follow', 'previous', 'timestamps']) if (options.flag(name)) parameters.set(name, 'true')
  for (const [name, value] of Object.entries({ sinceSeconds, sinceTime: sinceTime || undefined, tailLines, limitBytes })) {
    if (value !== undefined) parameters.set(name, String(value))
  }
  return parameters
}

async function ask(call: SubresourceCall, backends: Backends, backend: Backend, path: string): Promise<IncomingMessage> {
  try {
    return await send(backends, backend, { method: 'GET', path, headers: {}, signal: call.signal })
  } catch (error) {
    throw errors.untyped(`Get "https://${backend.host}:${backend.port}${path}": ${dialProblem(error, backend)}`)
  }
}

/** A kubelet's refusal, as the API tells it. */
async function refusal(call: SubresourceCall, answer: IncomingMessage): Promise<StatusError> {
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of answer as AsyncIterable<Buffer>) {
    chunks.push(chunk)
    length += chunk.length
    if (length >= longestRefusal) break
  }
  answer.destroy()
  const text = Buffer.concat(chunks).subarray(0, longestRefusal).toString()
  const code = answer.statusCode ?? 500
  if (code === 500) return errors.internal(text)
  if (code === 400) return errors.badRequest(text)
  return errors.genericResponse(code, { resource: { group: '', resource: 'pods/log' }, name: call.name, serverMessage: text })
}
