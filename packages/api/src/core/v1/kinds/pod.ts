import { orNone } from '../../../declaration/cells.js'
import { ageColumn, column, nameColumn, wideColumn } from '../../../declaration/columns.js'
import { defineKind, statusSubresource } from '../../../declaration/define-kind.js'
import { restoreMetadata } from '../../../declaration/status-rules.js'
import type { ListOf, TypeOf } from '../../../declaration/type-of.js'
import type { Kind, Subresource } from '../../../kind.js'
import { keepObservedGenerations, preparePod } from '../pod-preparation.js'
import { podSubresources } from '../pod-subresources.js'
import { describePod } from '../pod-summary.js'
import { podNameWarnings } from '../warnings/name-warnings.js'
import { podWarnings } from '../warnings/pod-warnings.js'

export type Pod = TypeOf<'core.v1.Pod'>
export type PodList = ListOf<Pod>

const core = (kind: string) => ({ group: '', version: 'v1', kind })

const subresources: readonly Subresource[] = [
  { name: 'attach', verbs: ['create', 'get'], gvk: core('PodAttachOptions') },
  { name: 'binding', verbs: ['create'], gvk: core('Binding') },
  { name: 'ephemeralcontainers', verbs: ['get', 'patch', 'update'] },
  { name: 'eviction', verbs: ['create'], gvk: { group: 'policy', version: 'v1', kind: 'Eviction' } },
  { name: 'exec', verbs: ['create', 'get'], gvk: core('PodExecOptions') },
  { name: 'log', verbs: ['get'] },
  { name: 'portforward', verbs: ['create', 'get'], gvk: core('PodPortForwardOptions') },
  { name: 'proxy', verbs: ['create', 'delete', 'get', 'patch', 'update'], gvk: core('PodProxyOptions') },
  { name: 'resize', verbs: ['get', 'patch', 'update'] },
  statusSubresource,
]

/** One or more containers that share an address and are placed on a node together. */
export const Pod: Kind<Pod> = defineKind('core.v1.Pod', {
  plural: 'pods',
  shortNames: ['po'],
  categories: ['all'],
  subresources,
  selectableFields: {
    'spec.nodeName': ({ spec }) => spec?.nodeName ?? '',
    'spec.restartPolicy': ({ spec }) => spec?.restartPolicy ?? '',
    'spec.schedulerName': ({ spec }) => spec?.schedulerName ?? '',
    'spec.serviceAccountName': ({ spec }) => spec?.serviceAccountName ?? '',
    'spec.hostNetwork': ({ spec }) => String(spec?.hostNetwork ?? false),
    'status.phase': ({ status }) => status?.phase ?? '',
    'status.podIP': ({ status }) => status?.podIPs?.[0]?.ip ?? '',
    // Upstream accepts this one and never matches it.
    'status.podIPs': () => '',
    'status.nominatedNodeName': ({ status }) => status?.nominatedNodeName ?? '',
  },
  columns: [
    nameColumn,
    column('Ready', 'string', 'Containers that are ready, of all that should run.', (pod, now) => describePod(pod, now).ready),
    column('Status', 'string', 'What the pod is doing, or what keeps it from running.', (pod, now) => describePod(pod, now).status),
    column('Restarts', 'string', 'How often containers were restarted, and when last.', (pod, now) => describePod(pod, now).restarts),
    ageColumn,
    wideColumn('IP', 'string', 'Address of the pod, once it has one.', ({ status }) => orNone(status?.podIPs?.[0]?.ip)),
    wideColumn('Node', 'string', 'Node the pod is placed on.', ({ spec }) => orNone(spec?.nodeName)),
    wideColumn('Nominated Node', 'string', 'Node on which room is being made for the pod.', ({ status }) =>
      orNone(status?.nominatedNodeName),
    ),
    wideColumn('Readiness Gates', 'string', 'Additional conditions that hold, of all the pod waits for.', readinessGates),
  ],
  rowConditions: ({ status }) => completed[status?.phase ?? ''] ?? [],
  strategy: {
    generation: 'spec',
    returnDeletedObject: true,
    gracePeriod,
    prepareForCreate: preparePod,
    prepareForStatusUpdate(pod, old) {
      restoreMetadata(pod, old, ['ownerReferences', 'deletionTimestamp'])
      if (pod.status) pod.status.qosClass ||= old.status?.qosClass
      keepObservedGenerations(pod, old)
    },
    resetFields: {
      '': ['status'],
      status: ['spec', 'metadata.deletionTimestamp', 'metadata.ownerReferences'],
    },
    subresources: podSubresources,
    warningsOnCreate: (pod) => [...podNameWarnings(pod.metadata.name, "the Pod's hostname"), ...podWarnings(pod)],
  },
})

const completed: Readonly<Record<string, ReturnType<NonNullable<Kind['rowConditions']>>>> = {
  Succeeded: [{ type: 'Completed', status: 'True', reason: 'Succeeded', message: 'The pod has completed successfully.' }],
  Failed: [{ type: 'Completed', status: 'True', reason: 'Failed', message: 'The pod failed.' }],
}

/** Zero when no node runs the pod or it has ended; negative asks for one second. */
function gracePeriod({ spec, status }: Pod, requested: number | undefined): number {
  if (!spec?.nodeName || status?.phase === 'Failed' || status?.phase === 'Succeeded') return 0
  const seconds = requested ?? spec.terminationGracePeriodSeconds ?? 0
  return seconds < 0 ? 1 : seconds
}

function readinessGates({ spec, status }: Pod): string {
  const gates = spec?.readinessGates ?? []
  if (gates.length === 0) return '<none>'
  const holding = gates.filter((gate) => status?.conditions?.find((condition) => condition.type === gate.conditionType)?.status === 'True')
  return `${holding.length}/${gates.length}`
}
