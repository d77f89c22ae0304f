import type { TypeTable } from '../../declaration/type-table.js'

export const containerLifecycleTypes = {
  Lifecycle: {
    postStart: ['LifecycleHandler?', 1],
    preStop: ['LifecycleHandler?', 2],
    stopSignal: ['Signal?', 3, { gate: 'ContainerStopSignals' }],
  },
  LifecycleHandler: {
    exec: ['ExecAction?', 1],
    httpGet: ['HTTPGetAction?', 2],
    tcpSocket: ['TCPSocketAction?', 3],
    sleep: ['SleepAction?', 4],
  },
  Probe: {
    '...': ['ProbeHandler', 1],
    initialDelaySeconds: ['int32', 2],
    timeoutSeconds: ['int32', 3],
    periodSeconds: ['int32', 4],
    successThreshold: ['int32', 5],
    failureThreshold: ['int32', 6],
    terminationGracePeriodSeconds: ['int64?', 7],
  },
  ProbeHandler: {
    exec: ['ExecAction?', 1],
    httpGet: ['HTTPGetAction?', 2],
    tcpSocket: ['TCPSocketAction?', 3],
    grpc: ['GRPCAction?', 4],
  },
  ExecAction: {
    command: ['string[]', 1],
  },
  HTTPGetAction: {
    path: ['string', 1],
    port: ['IntOrString!', 2],
    host: ['string', 3],
    scheme: ['URIScheme', 4],
    httpHeaders: ['HTTPHeader[]', 5],
  },
  HTTPHeader: {
    name: ['string!', 1],
    value: ['string!', 2],
  },
  TCPSocketAction: {
    port: ['IntOrString!', 1],
    host: ['string', 2],
  },
  GRPCAction: {
    port: ['int32!', 1],
    service: ['string?', 2, { default: '', empty: 'encoded' }],
  },
  SleepAction: {
    seconds: ['int64!', 1],
  },
  URIScheme: ['HTTP', 'HTTPS'],
} as const satisfies TypeTable
