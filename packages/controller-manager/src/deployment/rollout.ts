import { Deployment, type DeploymentCondition, type DeploymentStatus, type ReplicaSet } from '@treeline/api'
import type { ReconcileContext } from '@treeline/client'
import { deepEqual } from '@treeline/machinery'
import { setCondition } from './deployment-conditions.js'
import { sameCounts } from './deployment-status.js'
import { type ReplicaSets, sortReplicaSets } from './replica-sets.js'
import { revisionAnnotation } from './revisions.js'

/** What is to be noted on a Deployment about the ReplicaSet of its template. */
export interface RolloutNote {
  readonly revision: string
  readonly progressing?: Pick<DeploymentCondition, 'status' | 'reason' | 'message'>
}

/** A Deployment in the course of one reconcile: the object as last written, and its ReplicaSets. */
export class Rollout {
  readonly sets: ReplicaSets

  constructor(
    private current: Deployment,
    owned: readonly ReplicaSet[],
  ) {
    this.sets = sortReplicaSets(current, owned)
  }

  get deployment(): Deployment {
    return this.current
  }

  /** Writes revision and condition if they are news. The observed generation stays: only the end of a reconcile moves it. */
  async record(context: ReconcileContext, { revision, progressing }: RolloutNote): Promise<void> {
    const { deployment } = this
    const known = deployment.metadata.annotations?.[revisionAnnotation]
    const { status = {} } = deployment
    const noted = progressing ? setCondition(status, { type: 'Progressing', ...progressing }, context.clock.now()) : status
    if (known === revision && noted === status) return
    const annotations = { ...deployment.metadata.annotations, [revisionAnnotation]: revision }
    await this.write(context, { ...deployment, metadata: { ...deployment.metadata, annotations }, status: noted })
  }

  /** Writes the status if it differs from what there is; true if it did. */
  async writeStatus(context: ReconcileContext, status: DeploymentStatus): Promise<boolean> {
    const known = this.deployment.status
    if (sameCounts(known, status) && deepEqual(known?.conditions ?? [], status.conditions ?? [])) return false
    await this.write(context, { ...this.deployment, status })
    return true
  }

  private async write({ client, signal }: ReconcileContext, deployment: Deployment): Promise<void> {
    this.current = await client.updateStatus(Deployment, deployment, { signal })
  }
}
