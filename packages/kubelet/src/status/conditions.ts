import type { ContainerStatus, PodCondition, PodPhase } from '@treeline/api'
import { type AssignedPod, isSidecar } from '../assigned-pod.js'

type Verdict = Pick<PodCondition, 'status' | 'reason' | 'message'>

/** Conditions that the agent owns; all others are somebody else's and stay as they are. */
export const ownConditions: ReadonlySet<string> = new Set([
  'PodReadyToStartContainers',
  'Initialized',
  'Ready',
  'ContainersReady',
  'PodScheduled',
])

export interface ConditionSources {
  readonly phase: PodPhase
  /** Of init and app containers. */
  readonly statuses: readonly ContainerStatus[]
  /** A sandbox with its network is there. */
  readonly sandboxReady: boolean
  /** Conditions of others, for readiness gates. */
  readonly foreign: readonly PodCondition[]
}

/** The agent's conditions in the order upstream lists them, without times. */
export function podConditions(pod: AssignedPod, sources: ConditionSources): (Verdict & { type: string })[] {
  const containersReady = judgeContainersReady(pod, sources)
  return [
    { type: 'PodReadyToStartContainers', status: sources.sandboxReady ? 'True' : 'False' },
    { type: 'Initialized', ...judgeInitialized(pod, sources) },
    { type: 'Ready', ...judgeReady(pod, sources, containersReady) },
    { type: 'ContainersReady', ...containersReady },
    { type: 'PodScheduled', status: 'True' },
  ]
}

function judgeInitialized(pod: AssignedPod, { phase, statuses }: ConditionSources): Verdict {
  const inits = pod.spec.initContainers ?? []
  const unknown: string[] = []
  const incomplete: string[] = []
  for (const container of inits) {
    const status = statuses.find(({ name }) => name === container.name)
    if (status === undefined) unknown.push(container.name)
    else if (isSidecar(container) ? status.started !== true : !status.ready) incomplete.push(container.name)
  }
  if (phase === 'Succeeded' && unknown.length === 0) return { status: 'True', reason: 'PodCompleted' }
  if (pod.spec.containers.some(({ name }) => hasStarted(statuses.find((status) => status.name === name)))) return { status: 'True' }
  const message = joined([
    ['containers with unknown status', unknown],
    ['containers with incomplete status', incomplete],
  ])
  return message === '' ? { status: 'True' } : { status: 'False', reason: 'ContainersNotInitialized', message }
}

function judgeContainersReady(pod: AssignedPod, { phase, statuses }: ConditionSources): Verdict {
  const unknown: string[] = []
  const unready: string[] = []
  for (const { name } of [...(pod.spec.initContainers ?? []).filter(isSidecar), ...pod.spec.containers]) {
    const status = statuses.find((candidate) => candidate.name === name)
    if (status === undefined) unknown.push(name)
    else if (!status.ready) unready.push(name)
  }
  if (phase === 'Succeeded' && unknown.length === 0) return { status: 'False', reason: 'PodCompleted' }
  if (phase === 'Failed') return { status: 'False', reason: 'PodFailed' }
  const message = joined([
    ['containers with unknown status', unknown],
    ['containers with unready status', unready],
  ])
  return message === '' ? { status: 'True' } : { status: 'False', reason: 'ContainersNotReady', message }
}

function judgeReady(pod: AssignedPod, { foreign }: ConditionSources, containersReady: Verdict): Verdict {
  if (containersReady.status !== 'True') return containersReady
  const complaints = (pod.spec.readinessGates ?? []).flatMap(({ conditionType }) => {
    const gate = foreign.find(({ type }) => type === conditionType)
    if (gate === undefined) return [`corresponding condition of pod readiness gate "${conditionType}" does not exist.`]
    return gate.status === 'True' ? [] : [`the status of pod readiness gate "${conditionType}" is not "True", but ${gate.status}`]
  })
  return complaints.length === 0
    ? { status: 'True' }
    : { status: 'False', reason: 'ReadinessGatesNotReady', message: complaints.join(', ') }
}

function hasStarted(status: ContainerStatus | undefined): boolean {
  return Boolean(status?.state?.running ?? status?.state?.terminated ?? status?.lastState?.terminated)
}

function joined(parts: readonly [string, readonly string[]][]): string {
  return parts
    .filter(([, names]) => names.length > 0)
    .map(([text, names]) => `${text}: [${names.join(' ')}]`)
    .join(', ')
}
