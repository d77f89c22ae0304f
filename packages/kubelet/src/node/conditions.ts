import type { NodeCondition } from '@treeline/api'
import { formatTime } from '@treeline/machinery'

/** What a node says of itself, in the order upstream lists it. */
export interface NodeVerdicts {
  readonly memoryPressure: boolean
  readonly diskPressure: boolean
  readonly pidPressure: boolean
  /** Why the node is not ready; empty when it is. */
  readonly problems: readonly string[]
}

interface Text {
  readonly reason: string
  readonly message: string
  /** Reason of the event when the condition turns to this. */
  readonly event: string
}

const pressure: readonly { type: string; of: (verdicts: NodeVerdicts) => boolean; yes: Text; no: Text }[] = [
  {
    type: 'MemoryPressure',
    of: ({ memoryPressure }) => memoryPressure,
    yes: text('KubeletHasInsufficientMemory', 'kubelet has insufficient memory available', 'NodeHasInsufficientMemory'),
    no: text('KubeletHasSufficientMemory', 'kubelet has sufficient memory available', 'NodeHasSufficientMemory'),
  },
  {
    type: 'DiskPressure',
    of: ({ diskPressure }) => diskPressure,
    yes: text('KubeletHasDiskPressure', 'kubelet has disk pressure', 'NodeHasDiskPressure'),
    no: text('KubeletHasNoDiskPressure', 'kubelet has no disk pressure', 'NodeHasNoDiskPressure'),
  },
  {
    type: 'PIDPressure',
    of: ({ pidPressure }) => pidPressure,
    yes: text('KubeletHasInsufficientPID', 'kubelet has insufficient PID available', 'NodeHasInsufficientPID'),
    no: text('KubeletHasSufficientPID', 'kubelet has sufficient PID available', 'NodeHasSufficientPID'),
  },
]

export interface JudgedConditions {
  readonly conditions: NodeCondition[]
  /** Reasons of the events due to conditions that changed. */
  readonly events: string[]
}

/** The agent's conditions, with the transition times of those that stay as they were. */
export function nodeConditions(verdicts: NodeVerdicts, previous: readonly NodeCondition[], now: number): JudgedConditions {
  const events: string[] = []
  const conditions = pressure.map(({ type, of, yes, no }) => {
    const said = of(verdicts)
    return condition(type, said ? 'True' : 'False', said ? yes : no)
  })
  const ready = verdicts.problems.length === 0
  const message = ready ? 'kubelet is posting ready status' : `[${verdicts.problems.join(', ')}]`
  conditions.push(
    condition('Ready', ready ? 'True' : 'False', {
      reason: ready ? 'KubeletReady' : 'KubeletNotReady',
      message: verdicts.problems.length === 1 ? (verdicts.problems[0] ?? '') : message,
      event: ready ? 'NodeReady' : 'NodeNotReady',
    }),
  )
  return { conditions, events }

  function condition(type: string, status: 'True' | 'False', { reason, message, event }: Text): NodeCondition {
    const time = formatTime(new Date(now))
    const before = previous.find((other) => other.type === type)
    const same = before?.status === status
    if (!same) events.push(event)
    return {
      type,
      status,
      reason,
      message,
      lastHeartbeatTime: time,
      lastTransitionTime: same ? (before?.lastTransitionTime ?? time) : time,
    }
  }
}

function text(reason: string, message: string, event: string): Text {
  return { reason, message, event }
}
