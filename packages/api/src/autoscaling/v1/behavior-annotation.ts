import type { TypeOf } from '../../declaration/type-of.js'

type Behavior = TypeOf<'autoscaling.v2.HorizontalPodAutoscalerBehavior'>
type Rules = TypeOf<'autoscaling.v2.HPAScalingRules'>

/** Behaviour as the annotation has it: upstream's internal struct, with Go's names and nulls. */
export function behaviorToText({ scaleUp, scaleDown }: Behavior): string {
  return JSON.stringify({ ScaleUp: printed(scaleUp), ScaleDown: printed(scaleDown) })
}

/** Reads it back; text that is none is `undefined`. */
export function behaviorFromText(text: string | undefined): Behavior | undefined {
  if (text === undefined) return undefined
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
  const { ScaleUp, ScaleDown } = asRecord(value)
  const behavior: Behavior = {
    ...(isRecord(ScaleUp) && { scaleUp: read(ScaleUp) }),
    ...(isRecord(ScaleDown) && { scaleDown: read(ScaleDown) }),
  }
  return Object.keys(behavior).length > 0 ? behavior : undefined
}

function printed(rules: Rules | undefined): object | null {
  if (!rules) return null
  return {
    StabilizationWindowSeconds: rules.stabilizationWindowSeconds ?? null,
    SelectPolicy: rules.selectPolicy ?? null,
    Policies: rules.policies?.map(({ type, value, periodSeconds }) => ({ Type: type, Value: value, PeriodSeconds: periodSeconds })) ?? null,
    Tolerance: rules.tolerance ?? null,
  }
}

function read(rules: Record<string, unknown>): Rules {
  const { StabilizationWindowSeconds: window, SelectPolicy: policy, Policies: policies, Tolerance: tolerance } = rules
  return {
    ...(typeof window === 'number' && { stabilizationWindowSeconds: window }),
    ...(typeof policy === 'string' && { selectPolicy: policy }),
    ...(Array.isArray(policies) && {
      policies: policies.map((entry) => {
        const { Type, Value, PeriodSeconds } = asRecord(entry)
        return { type: String(Type ?? ''), value: Number(Value ?? 0), periodSeconds: Number(PeriodSeconds ?? 0) }
      }),
    }),
    ...(typeof tolerance === 'string' && { tolerance }),
  }
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value)

const asRecord = (value: unknown): Record<string, unknown> => (isRecord(value) ? value : {})
