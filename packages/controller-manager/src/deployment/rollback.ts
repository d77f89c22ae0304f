import { Deployment, type ReplicaSet } from '@treeline/api'
import type { ReconcileContext } from '@treeline/client'
import { sameTemplate } from '../pods/template-equality.js'
import { podTemplateHashLabel } from '../pods/template-hash.js'
import { allSets, type ReplicaSets } from './replica-sets.js'
import { annotationsAfterRollback, lastRevision, revisionOf, rollbackAnnotation } from './revisions.js'

/** The revision a Deployment is asked to go back to by annotation; 0 means the last one. */
export function rollbackRevision(deployment: Deployment): number | undefined {
  const text = deployment.metadata.annotations?.[rollbackAnnotation]
  return text !== undefined && /^[+-]?\d+$/.test(text) ? Number(text) : undefined
}

/** Takes the template of the revision asked for, or says why not; the request is cleared either way. */
export async function rollback(context: ReconcileContext, deployment: Deployment, sets: ReplicaSets, asked: number): Promise<void> {
  const warn = (reason: string, message: string) => context.events.event(deployment, 'Warning', reason, message)
  const all = allSets(sets)
  const revision = asked === 0 ? lastRevision(all) : asked
  const target = revision === 0 ? undefined : all.find((set) => revisionOf(set) === revision)
  if (!target) {
    const message = revision === 0 ? 'Unable to find last revision.' : 'Unable to find the revision to rollback to.'
    warn('DeploymentRollbackRevisionNotFound', message)
    return clear(context, deployment)
  }
  if (sameTemplate(deployment.spec?.template, target.spec?.template)) {
    const message = `The rollback revision contains the same template as current deployment "${deployment.metadata.name}"`
    warn('DeploymentRollbackTemplateUnchanged', message)
    return clear(context, deployment)
  }
  await clear(context, withTemplateOf(deployment, target))
  context.events.event(
    deployment,
    'Normal',
    'DeploymentRollback',
    `Rolled back deployment "${deployment.metadata.name}" to revision ${revision}`,
  )
}

function withTemplateOf(deployment: Deployment, set: ReplicaSet): Deployment {
  const { [podTemplateHashLabel]: _, ...labels } = set.spec?.template?.metadata?.labels ?? {}
  const template = { ...set.spec?.template, metadata: { ...set.spec?.template?.metadata, labels } }
  const metadata = { ...deployment.metadata, annotations: annotationsAfterRollback(deployment, set) }
  return { ...deployment, metadata, spec: { ...deployment.spec, template } as Deployment['spec'] }
}

async function clear({ client, signal }: ReconcileContext, deployment: Deployment): Promise<void> {
  const { [rollbackAnnotation]: _, ...annotations } = deployment.metadata.annotations ?? {}
  await client.update(Deployment, { ...deployment, metadata: { ...deployment.metadata, annotations } }, { signal })
}
