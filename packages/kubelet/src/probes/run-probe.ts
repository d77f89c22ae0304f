import type { Container, Probe } from '@treeline/api'
import type { Runtime } from '@treeline/cri'
import { containerPort } from './container-port.js'
import { probeExec } from './exec-probe.js'
import { probeGrpc } from './grpc-probe.js'
import { probeHttp } from './http-probe.js'
import type { PodEndpoint, ProbeOutcome } from './outcome.js'
import { probeTcp } from './tcp-probe.js'

export interface ProbeTarget {
  readonly container: Container
  readonly containerId: string
  readonly podIP: string
  readonly runtime: Runtime
  readonly endpoint: PodEndpoint
  readonly signal: AbortSignal
}

/** Runs a probe once, whatever its kind. Never throws. */
export async function runProbe(probe: Probe, target: ProbeTarget): Promise<ProbeOutcome> {
  const timeout = Math.max(1, probe.timeoutSeconds ?? 1) * 1_000
  const { container, podIP, endpoint } = target
  try {
    if (probe.exec) return await probeExec(target.runtime, target.containerId, probe.exec.command ?? [], timeout, target.signal)
    if (probe.httpGet) {
      const { scheme, host, port, path = '/', httpHeaders = [] } = probe.httpGet
      const place = { host: host || podIP, port: containerPort(port, container), path: path.startsWith('/') ? path : `/${path}` }
      return await probeHttp({ ...place, scheme: scheme === 'HTTPS' ? 'https' : 'http', headers: httpHeaders }, endpoint, timeout)
    }
    if (probe.tcpSocket)
      return await probeTcp(probe.tcpSocket.host || podIP, containerPort(probe.tcpSocket.port, container), endpoint, timeout)
    if (probe.grpc) return await probeGrpc(podIP, probe.grpc.port, probe.grpc.service ?? '', endpoint, timeout)
    return { result: 'unknown', output: `missing probe handler for ${container.name}` }
  } catch (error) {
    return { result: 'unknown', output: error instanceof Error ? error.message : String(error) }
  }
}
