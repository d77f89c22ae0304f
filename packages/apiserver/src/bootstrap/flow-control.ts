import { FlowSchema, type Kind, PriorityLevelConfiguration } from '@treeline/api'
import { deepEqual, formatTime, type KubernetesObject } from '@treeline/machinery'
import type { ApiInternals } from '../registry/internals.js'
import { ensure, serverFieldManager } from './ensure.js'
import { autoUpdateSpec, bootstrapFlowSchemas, bootstrapPriorityLevels, mandatoryFlowControl } from './flow-control-objects.js'

/** Makes the default priority levels and flow schemas, and sets back the specs of those that follow the defaults. */
export async function ensureFlowControl(internals: ApiInternals, now: () => number): Promise<void> {
  await Promise.all(bootstrapPriorityLevels().map((level) => ensureSpec(internals, PriorityLevelConfiguration, level)))
  await Promise.all(
    bootstrapFlowSchemas().map(async (schema) => {
      await ensureSpec(internals, FlowSchema, schema)
      await tellDangling(internals, schema.metadata.name ?? '', now)
    }),
  )
}

/** Says in a flow schema's status whether its priority level exists. */
export async function tellDangling(internals: ApiInternals, name: string, now: () => number): Promise<void> {
  const schema = internals.get(FlowSchema, undefined, name)
  if (!schema || !nextStatus(schema, internals, now)) return
  await internals.update(FlowSchema, undefined, name, (current) => nextStatus(current, internals, now), {
    fieldManager: serverFieldManager,
    subresource: 'status',
  })
}

function nextStatus(schema: FlowSchema, internals: ApiInternals, now: () => number): FlowSchema | undefined {
  const level = schema.spec?.priorityLevelConfiguration.name ?? ''
  const exists = internals.get(PriorityLevelConfiguration, undefined, level) !== undefined
  const conditions = schema.status?.conditions ?? []
  const told = conditions.find(({ type }) => type === 'Dangling')
  const status = exists ? 'False' : 'True'
  if (told?.status === status) return undefined
  const subject = `This FlowSchema references the PriorityLevelConfiguration object named "${level}"`
  const condition = {
    type: 'Dangling',
    status,
    lastTransitionTime: formatTime(new Date(now())),
    reason: exists ? 'Found' : 'NotFound',
    message: exists ? `${subject} and it exists` : `${subject} but there is no such object`,
  } as const
  return { ...schema, status: { ...schema.status, conditions: [...conditions.filter(({ type }) => type !== 'Dangling'), condition] } }
}

async function ensureSpec<T extends KubernetesObject & { spec?: unknown }>(
  internals: ApiInternals,
  kind: Kind<T>,
  wanted: T,
): Promise<void> {
  const mandatory = mandatoryFlowControl.has(wanted.metadata.name ?? '')
  await ensure(internals, kind, wanted, (current) => {
    const follows = mandatory || current.metadata.annotations?.[autoUpdateSpec] === 'true'
    return follows && !deepEqual(current.spec, wanted.spec) ? { ...current, spec: wanted.spec } : undefined
  })
}
