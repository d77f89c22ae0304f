import { ControllerRevision, type PodTemplateSpec } from '@treeline/api'
import type { ReconcileContext, ResourceKind } from '@treeline/client'
import { isAlreadyExists, isNotFound, type KubernetesObject, parseTime } from '@treeline/machinery'
import { claim } from '../ownership/claim.js'
import { controllerReference } from '../ownership/controller-ref.js'
import { objectKey } from '../ownership/object-key.js'
import { compiledSelector } from '../ownership/selectors.js'
import { sameTemplate } from '../pods/template-equality.js'
import { hashOf } from '../pods/template-hash.js'
import { templateOf, templatePatch } from './revision-data.js'

/** A set whose templates are kept as ControllerRevisions. */
export interface RevisionedObject extends KubernetesObject {
  spec?: { selector: { matchLabels?: Record<string, string> }; template: PodTemplateSpec; revisionHistoryLimit?: number }
  status?: { collisionCount?: number }
}

export interface RevisionRules<Owner extends RevisionedObject> {
  readonly kind: ResourceKind<Owner>
  /** Label that holds the hash in the name of a revision. */
  readonly hashLabel: string
}

/** The revisions of a set, oldest first, and the one of its template; how many names collided so far. */
export interface RevisionHistory {
  readonly all: readonly ControllerRevision[]
  readonly current: ControllerRevision
  readonly collisionCount: number
}

/** Longest part of the set's name in that of a revision. */
const nameLimit = 223

/** The revisions an owner has, adopting orphans of its selector; oldest first. */
export async function listRevisions<Owner extends RevisionedObject>(
  context: ReconcileContext,
  { kind }: RevisionRules<Owner>,
  owner: Owner,
): Promise<ControllerRevision[]> {
  const selector = compiledSelector(owner.spec?.selector)
  const revisions = await claim(context, { owner, ownerKind: kind, kind: ControllerRevision, selector })
  return revisions.sort(byRevision)
}

/** Finds or makes the revision of the owner's template; an older one that is equal becomes the newest. */
export async function syncRevisions<Owner extends RevisionedObject>(
  context: ReconcileContext,
  rules: RevisionRules<Owner>,
  owner: Owner,
): Promise<RevisionHistory> {
  const all = await listRevisions(context, rules, owner)
  const template = owner.spec?.template
  const collisionCount = owner.status?.collisionCount ?? 0
  const newest = all.at(-1)
  const equal = all.filter((revision) => sameTemplate(templateOf(revision), template)).at(-1)
  if (equal && newest && (equal === newest || sameTemplate(templateOf(newest), template))) return { all, current: newest, collisionCount }
  const next = (newest?.revision ?? 0) + 1
  if (equal) {
    const { client, signal } = context
    return { all, current: await client.update(ControllerRevision, { ...equal, revision: next }, { signal }), collisionCount }
  }
  return { all, ...(await createRevision(context, rules, owner, next, collisionCount)) }
}

async function createRevision<Owner extends RevisionedObject>(
  { client, signal }: ReconcileContext,
  { kind, hashLabel }: RevisionRules<Owner>,
  owner: Owner,
  revision: number,
  collisions: number,
): Promise<{ readonly current: ControllerRevision; readonly collisionCount: number }> {
  const { name = '', namespace, annotations } = owner.metadata
  const template = owner.spec?.template
  for (let collisionCount = collisions; ; collisionCount++) {
    const hash = hashOf(template, collisionCount)
    const wanted: ControllerRevision = {
      apiVersion: 'apps/v1',
      kind: 'ControllerRevision',
      metadata: {
        name: `${name.slice(0, nameLimit)}-${hash}`,
        namespace,
        labels: { ...template?.metadata?.labels, [hashLabel]: hash },
        annotations: { ...annotations },
        ownerReferences: [controllerReference(kind, owner)],
      },
      data: templatePatch(template),
      revision,
    }
    try {
      return { current: await client.create(ControllerRevision, wanted, { signal }), collisionCount }
    } catch (error) {
      if (!isAlreadyExists(error)) throw error
      const existing = await client.get(ControllerRevision, objectKey(wanted), { signal })
      if (sameTemplate(templateOf(existing), template)) return { current: existing, collisionCount }
    }
  }
}

/** Deletes the oldest revisions beyond the limit that nothing uses. `live` holds names in use. */
export async function truncateRevisions<Owner extends RevisionedObject>(
  { client, signal }: ReconcileContext,
  owner: Owner,
  all: readonly ControllerRevision[],
  live: ReadonlySet<string>,
): Promise<void> {
  const limit = owner.spec?.revisionHistoryLimit ?? 10
  const unused = all.filter(({ metadata }) => !live.has(metadata.name ?? ''))
  for (const revision of unused.slice(0, Math.max(0, unused.length - limit))) {
    try {
      await client.delete(ControllerRevision, objectKey(revision), { signal })
    } catch (error) {
      if (!isNotFound(error)) throw error
    }
  }
}

function byRevision(a: ControllerRevision, b: ControllerRevision): number {
  const created = (revision: ControllerRevision) => parseTime(revision.metadata.creationTimestamp ?? '') ?? 0
  return a.revision - b.revision || created(a) - created(b) || (String(a.metadata.name) < String(b.metadata.name) ? -1 : 1)
}
