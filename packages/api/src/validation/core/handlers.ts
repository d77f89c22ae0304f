import { type FieldPath, validateHttpHeaderName } from '@treeline/machinery'
import type { TypeOf } from '../../declaration/type-of.js'
import { type Check, type Findings, requireText } from '../findings.js'
import { checkPortNumber, checkPortNumberOrName } from '../names.js'
import { checkNonNegative } from '../numbers.js'

type Probe = TypeOf<'core.v1.Probe'>
type Lifecycle = TypeOf<'core.v1.Lifecycle'>
type Handler = Pick<Probe, 'exec' | 'httpGet' | 'tcpSocket' | 'grpc'> & Pick<TypeOf<'core.v1.LifecycleHandler'>, 'sleep'>

/** Probes and hooks of a container: what is done, and when. */

type HandlerChecks = {
  readonly [F in keyof Handler]-?: (found: Findings, action: NonNullable<Handler[F]>, path: FieldPath, gracePeriod?: number) => void
}

const handlers: HandlerChecks = {
  exec: (found, { command }, path) => {
    if (!command?.length) found.required(path.child('command'))
  },
  httpGet: checkHttpGet,
  tcpSocket: (found, { port }, path) => checkPortNumberOrName(found, port, path.child('port')),
  grpc: (found, { port }, path) => checkPortNumber(found, port, path.child('port')),
  sleep: (found, { seconds }, path, gracePeriod) => {
    if (gracePeriod !== undefined && (seconds < 0 || seconds > gracePeriod)) {
      found.invalid(path, seconds, `must be non-negative and less than terminationGracePeriodSeconds (${gracePeriod})`)
    }
  },
}

const schemes = ['HTTP', 'HTTPS']

function checkHttpGet(found: Findings, action: TypeOf<'core.v1.HTTPGetAction'>, path: FieldPath): void {
  requireText(found, action.path, path.child('path'))
  checkPortNumberOrName(found, action.port, path.child('port'))
  if (!schemes.includes(action.scheme ?? '')) found.notSupported(path.child('scheme'), action.scheme ?? '', schemes)
  for (const { name } of action.httpHeaders ?? []) found.each(path.child('httpHeaders'), name, validateHttpHeaderName(name))
}

function checkHandler(found: Findings, handler: Handler, path: FieldPath, gracePeriod: number | undefined): void {
  let given = 0
  for (const name of Object.keys(handlers) as (keyof Handler)[]) {
    const action = handler[name]
    if (!action) continue
    if (given++ > 0) found.forbidden(path.child(name), 'may not specify more than 1 handler type')
    else
      (handlers[name] as (found: Findings, action: object, path: FieldPath, gracePeriod?: number) => void)(
        found,
        action,
        path.child(name),
        gracePeriod,
      )
  }
  if (given === 0) found.required(path, 'must specify a handler type')
}

const periods = ['initialDelaySeconds', 'timeoutSeconds', 'periodSeconds', 'successThreshold', 'failureThreshold'] as const

function checkProbe(found: Findings, probe: Probe, path: FieldPath): void {
  checkHandler(found, probe, path, undefined)
  for (const name of periods) checkNonNegative(found, probe[name], path.child(name))
  const grace = probe.terminationGracePeriodSeconds
  if (grace !== undefined && grace <= 0) found.invalid(path.child('terminationGracePeriodSeconds'), grace, 'must be greater than 0')
}

/** A probe that acts on its first success: liveness and startup. */
const checkSingleSuccessProbe: Check<Probe> = (found, probe, path) => {
  checkProbe(found, probe, path)
  if (probe.successThreshold !== 1) found.invalid(path.child('successThreshold'), probe.successThreshold ?? 0, 'must be 1')
}

const checkReadinessProbe: Check<Probe> = (found, probe, path) => {
  checkProbe(found, probe, path)
  if (probe.terminationGracePeriodSeconds !== undefined) {
    found.invalid(path.child('terminationGracePeriodSeconds'), probe.terminationGracePeriodSeconds, 'must not be set for readinessProbes')
  }
}

/** All three probes. */
export function checkProbes(
  found: Findings,
  { livenessProbe, readinessProbe, startupProbe }: Pick<TypeOf<'core.v1.Container'>, 'livenessProbe' | 'readinessProbe' | 'startupProbe'>,
  path: FieldPath,
): void {
  if (livenessProbe) checkSingleSuccessProbe(found, livenessProbe, path.child('livenessProbe'))
  if (readinessProbe) checkReadinessProbe(found, readinessProbe, path.child('readinessProbe'))
  if (startupProbe) checkSingleSuccessProbe(found, startupProbe, path.child('startupProbe'))
}

/** What is done after the start and before the stop, and the signal that stops. */
export function checkLifecycle(
  found: Findings,
  lifecycle: Lifecycle,
  path: FieldPath,
  { gracePeriod, os }: { gracePeriod: number | undefined; os: string | undefined },
): void {
  if (lifecycle.postStart) checkHandler(found, lifecycle.postStart, path.child('postStart'), gracePeriod)
  if (lifecycle.preStop) checkHandler(found, lifecycle.preStop, path.child('preStop'), gracePeriod)
  if (lifecycle.stopSignal !== undefined) checkStopSignal(found, lifecycle.stopSignal, path.child('stopSignal'), os)
}

const signals: Readonly<Record<string, readonly string[]>> = {
  windows: ['SIGKILL', 'SIGTERM'],
  linux: [
    ...['ABRT', 'ALRM', 'BUS', 'CHLD', 'CLD', 'CONT', 'FPE', 'HUP', 'ILL', 'INT', 'IO', 'IOT', 'KILL', 'PIPE', 'POLL', 'PROF', 'PWR'],
    ...['QUIT', 'RTMAX'],
    ...[1, 10, 11, 12, 13, 14, 2, 3, 4, 5, 6, 7, 8, 9].map((number) => `RTMAX-${number}`),
    'RTMIN',
    ...[1, 10, 11, 12, 13, 14, 15, 2, 3, 4, 5, 6, 7, 8, 9].map((number) => `RTMIN+${number}`),
    ...['SEGV', 'STKFLT', 'STOP', 'SYS', 'TERM', 'TRAP', 'TSTP', 'TTIN', 'TTOU', 'URG', 'USR1', 'USR2', 'VTALRM', 'WINCH', 'XCPU', 'XFSZ'],
  ].map((name) => `SIG${name}`),
}

function checkStopSignal(found: Findings, signal: string, path: FieldPath, os: string | undefined): void {
  if (os === undefined) {
    found.forbidden(path, 'may not be set for containers with empty `spec.os.name`')
    return
  }
  const supported = signals[os]
  if (supported && !supported.includes(signal)) found.notSupported(path, signal, supported)
}
