import type { LifecycleHandler } from '@treeline/api'
import { type Clock, sleep } from '@treeline/client'
import { rpcText } from '@treeline/cri'
import { containerPort } from '../probes/container-port.js'
import { probeHttp } from '../probes/http-probe.js'
import type { ProbeTarget } from '../probes/run-probe.js'

export interface HookTarget extends ProbeTarget {
  readonly clock: Clock
}

/**
 * Runs a lifecycle hook to its end, or for at most `timeout` milliseconds. Throws what went wrong; the text may hold
 * output of the container, so it goes into statuses but never into events.
 */
export async function runHook(handler: LifecycleHandler, target: HookTarget, timeout: number): Promise<void> {
  const { container, containerId, podIP, runtime, endpoint, clock, signal } = target
  if (handler.exec) {
    const command = [...(handler.exec.command ?? [])]
    const seconds = Number.isFinite(timeout) ? BigInt(Math.ceil(timeout / 1_000)) : 0n
    const answer = await runtime
      .execSync({ containerId, cmd: command, timeout: seconds }, { signal, timeout: timeout + 5_000 })
      .catch((error: unknown) => Promise.reject(new Error(rpcText(error), { cause: error })))
    if (answer.exitCode !== 0) {
      const output = Buffer.concat([answer.stdout, answer.stderr]).toString()
      throw new Error(`command '${command.join(' ')}' exited with ${answer.exitCode}: ${output}`)
    }
    return
  }
  if (handler.httpGet) {
    const { scheme, host, port, path = '/', httpHeaders = [] } = handler.httpGet
    const place = {
      host: host || podIP,
      port: containerPort(port || (scheme === 'HTTPS' ? 443 : 80), container),
      path: path.startsWith('/') ? path : `/${path}`,
      headers: [{ name: 'User-Agent', value: 'kube-lifecycle/1.35' }, ...httpHeaders],
    }
    const wait = Number.isFinite(timeout) ? timeout : 2 ** 31 - 1
    let outcome = await probeHttp({ ...place, scheme: scheme === 'HTTPS' ? 'https' : 'http' }, endpoint, wait)
    if (scheme === 'HTTPS' && outcome.result === 'failure' && /wrong version number|packet length too long/.test(outcome.output)) {
      outcome = await probeHttp({ ...place, scheme: 'http' }, endpoint, wait)
    }
    if (outcome.result === 'failure') throw new Error(outcome.output)
    return
  }
  if (handler.sleep) {
    await sleep(clock, Math.min(handler.sleep.seconds * 1_000, timeout), signal)
    return
  }
  throw new Error(`invalid handler: ${JSON.stringify(handler)}`)
}
