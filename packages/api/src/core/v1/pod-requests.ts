import type { TypeTable } from '../../declaration/type-table.js'

export const podRequestsTypes = {
  Binding: {
    $: { object: true, about: 'Places a pod on a node: a request only.' },
    metadata: ['meta.v1.ObjectMeta', 1],
    target: ['ObjectReference!', 2],
  },
  PodLogOptions: {
    $: { object: true },
    container: ['string', 1],
    follow: ['boolean', 2],
    previous: ['boolean', 3],
    sinceSeconds: ['int64?', 4],
    sinceTime: ['Time?', 5],
    timestamps: ['boolean', 6],
    tailLines: ['int64?', 7],
    limitBytes: ['int64?', 8],
    insecureSkipTLSVerifyBackend: ['boolean', 9],
    stream: ['string?', 10],
  },
  PodAttachOptions: {
    $: { object: true },
    stdin: ['boolean', 1],
    stdout: ['boolean', 2],
    stderr: ['boolean', 3],
    tty: ['boolean', 4],
    container: ['string', 5],
  },
  PodExecOptions: {
    $: { object: true },
    stdin: ['boolean', 1],
    stdout: ['boolean', 2],
    stderr: ['boolean', 3],
    tty: ['boolean', 4],
    container: ['string', 5],
    command: ['string[]!', 6],
  },
  PodPortForwardOptions: {
    $: { object: true },
    ports: ['int32[]', 1],
  },
} as const satisfies TypeTable
