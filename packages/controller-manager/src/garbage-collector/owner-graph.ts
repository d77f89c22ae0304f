import type { ResourceKind } from '@treeline/client'
import type { KubernetesObject, OwnerReference } from '@treeline/machinery'

/** Where an object is thought to be: its own type, namespace and name, or those that a reference to it gives. */
export interface Identity {
  readonly apiVersion: string
  readonly kind: string
  readonly namespace: string
  readonly name: string
  readonly uid: string
}

/** An object in the graph. */
export interface GraphNode {
  readonly uid: string
  identity: Identity
  /** Known only from references to it; whether it exists, and where, is not certain. */
  virtual: boolean
  /** The resource it was seen in; absent while virtual. */
  resource: ResourceKind | undefined
  owners: readonly OwnerReference[]
  readonly dependents: Set<GraphNode>
  beingDeleted: boolean
  /** It goes after its dependents (foreground deletion). */
  deletingDependents: boolean
}

/** What the graph asks for as it changes. */
export interface GraphWork {
  /** Look whether the object must go, or whether it is there at all. */
  examine(uid: string): void
  /** Free its dependents before it goes. */
  orphan(uid: string): void
  /** A reference to an owner in another namespace. */
  invalidReference(dependent: GraphNode, reference: OwnerReference): void
}

export const orphanFinalizer = 'orphan'
export const foregroundFinalizer = 'foregroundDeletion'

/**
 * Who owns whom. Every reference of an object in the graph leads to a node, virtual if its object has not been seen.
 * A node is in the set of dependents of exactly the nodes it refers to.
 */
export class OwnerGraph {
  private readonly nodes = new Map<string, GraphNode>()

  constructor(
    private readonly work: GraphWork,
    private readonly absent: AbsentOwners,
  ) {}

  get size(): number {
    return this.nodes.size
  }

  get(uid: string): GraphNode | undefined {
    return this.nodes.get(uid)
  }

  /** An object was seen, new or changed. */
  observe(resource: ResourceKind, object: KubernetesObject, old: KubernetesObject | undefined): void {
    const { uid = '' } = object.metadata
    const identity = identityOf(object)
    let node = this.nodes.get(uid)
    if (!node) {
      node = newNode(identity, resource, false)
      this.nodes.set(uid, node)
    } else if (node.virtual) {
      this.becomeReal(node, identity, resource)
    }
    if (object.metadata.deletionTimestamp) node.beingDeleted = true
    this.relate(node, object.metadata.ownerReferences ?? [])
    this.react(node, object, old)
  }

  /** An object was seen to go. */
  removed(uid: string): void {
    const node = this.nodes.get(uid)
    if (node) this.remove(node)
  }

  /** A look at the server found no object of this uid at these coordinates. */
  confirmedAbsent(identity: Identity): void {
    const node = this.nodes.get(identity.uid)
    if (!node) return
    const agreeing = [...node.dependents].filter((dependent) => refersTo(dependent, identity))
    const disagreeing = [...node.dependents].filter((dependent) => !refersTo(dependent, identity))
    const certain = node.virtual ? disagreeing.length === 0 : sameCoordinates(node.identity, identity)
    if (certain) {
      this.remove(node)
      return
    }
    if (agreeing.length > 0) {
      this.absent.add(identity)
      for (const dependent of agreeing) this.work.examine(dependent.uid)
    }
    if (!node.virtual || !sameCoordinates(node.identity, identity)) return
    const other = disagreeing.map((dependent) => referenceIdentity(dependent, identity.uid)).find((candidate) => candidate !== undefined)
    if (!other) return
    node.identity = other
    this.work.examine(node.uid)
  }

  private becomeReal(node: GraphNode, identity: Identity, resource: ResourceKind): void {
    node.virtual = false
    node.resource = resource
    if (sameCoordinates(node.identity, identity)) return
    node.identity = identity
    for (const dependent of node.dependents) {
      if (refersTo(dependent, identity)) continue
      this.reportIfForeign(dependent, node)
      this.work.examine(dependent.uid)
    }
  }

  private relate(node: GraphNode, owners: readonly OwnerReference[]): void {
    const before = new Map(node.owners.map((reference) => [reference.uid, reference]))
    const after = new Map(owners.map((reference) => [reference.uid, reference]))
    node.owners = owners
    for (const [uid, reference] of before) {
      const next = after.get(uid)
      const blockedBefore = reference.blockOwnerDeletion ?? false
      if (blockedBefore && !next?.blockOwnerDeletion) this.examineIfDeleting(uid)
      if (!next) this.nodes.get(uid)?.dependents.delete(node)
    }
    let doubtful = false
    for (const [uid, reference] of after) {
      const known = before.get(uid)
      if (known && known.kind === reference.kind && known.name === reference.name && known.apiVersion === reference.apiVersion) continue
      doubtful = this.addTo(reference, node) || doubtful
    }
    if (doubtful) this.work.examine(node.uid)
  }

  /** Makes a node a dependent of the one it refers to. True if the two may not belong together. */
  private addTo(reference: OwnerReference, dependent: GraphNode): boolean {
    const known = this.nodes.get(reference.uid)
    if (!known) {
      const virtual = newNode(pointedAt(reference, dependent.identity.namespace), undefined, true)
      virtual.dependents.add(dependent)
      this.nodes.set(reference.uid, virtual)
      this.work.examine(reference.uid)
      return false
    }
    known.dependents.add(dependent)
    if (matches(reference, dependent, known.identity)) return false
    this.reportIfForeign(dependent, known)
    return true
  }

  private reportIfForeign(dependent: GraphNode, owner: GraphNode): void {
    const foreign = owner.identity.namespace !== '' && owner.identity.namespace !== dependent.identity.namespace
    const reference = dependent.owners.find(({ uid }) => uid === owner.uid)
    if (!owner.virtual && foreign && reference) this.work.invalidReference(dependent, reference)
  }

  private react(node: GraphNode, object: KubernetesObject, old: KubernetesObject | undefined): void {
    if (beginsDeletionWith(orphanFinalizer, object, old)) {
      this.work.orphan(node.uid)
      return
    }
    if (!beginsDeletionWith(foregroundFinalizer, object, old)) return
    node.deletingDependents = true
    for (const dependent of node.dependents) this.work.examine(dependent.uid)
    this.work.examine(node.uid)
  }

  private remove(node: GraphNode): void {
    this.nodes.delete(node.uid)
    for (const { uid } of node.owners) {
      this.nodes.get(uid)?.dependents.delete(node)
      this.examineIfDeleting(uid)
    }
    if (node.dependents.size === 0) return
    this.absent.add(node.identity)
    for (const dependent of node.dependents) this.work.examine(dependent.uid)
  }

  private examineIfDeleting(uid: string): void {
    if (this.nodes.get(uid)?.deletingDependents) this.work.examine(uid)
  }
}

/** Owners known not to exist. Uids never come back, so that this can be believed for ever; only so many are kept. */
export class AbsentOwners {
  private readonly known = new Set<string>()

  constructor(private readonly capacity = 10_000) {}

  add(identity: Identity): void {
    this.known.add(textOf(identity))
    if (this.known.size <= this.capacity) return
    const oldest = this.known.values().next()
    if (!oldest.done) this.known.delete(oldest.value)
  }

  has(identity: Identity): boolean {
    return this.known.has(textOf(identity))
  }
}

const textOf = ({ apiVersion, kind, namespace, name, uid }: Identity) => [uid, apiVersion, kind, namespace, name].join('\0')

function newNode(identity: Identity, resource: ResourceKind | undefined, virtual: boolean): GraphNode {
  const { uid } = identity
  return { uid, identity, virtual, resource, owners: [], dependents: new Set(), beingDeleted: false, deletingDependents: false }
}

export function identityOf({ apiVersion = '', kind = '', metadata }: KubernetesObject): Identity {
  const { namespace = '', name = '', uid = '' } = metadata
  return { apiVersion, kind, namespace, name, uid }
}

/** The object a reference means, if it is in this namespace (or in none). */
export function pointedAt({ apiVersion, kind, name, uid }: OwnerReference, namespace: string): Identity {
  return { apiVersion, kind, namespace, name, uid }
}

/** Whether a reference of a dependent leads to where its owner really is. */
function matches(reference: OwnerReference, dependent: GraphNode, owner: Identity): boolean {
  const { apiVersion, kind, name } = reference
  const reachable = owner.namespace === '' || owner.namespace === dependent.identity.namespace
  return reachable && apiVersion === owner.apiVersion && kind === owner.kind && name === owner.name
}

function refersTo(dependent: GraphNode, owner: Identity): boolean {
  return dependent.owners.some((reference) => reference.uid === owner.uid && matches(reference, dependent, owner))
}

function referenceIdentity(dependent: GraphNode, uid: string): Identity | undefined {
  const reference = dependent.owners.find((candidate) => candidate.uid === uid)
  return reference && pointedAt(reference, dependent.identity.namespace)
}

function sameCoordinates(a: Identity, b: Identity): boolean {
  return a.apiVersion === b.apiVersion && a.kind === b.kind && a.namespace === b.namespace && a.name === b.name
}

/** The object is being deleted with this finalizer, and was not when last seen. */
function beginsDeletionWith(finalizer: string, object: KubernetesObject, old: KubernetesObject | undefined): boolean {
  const deleting = ({ metadata }: KubernetesObject) =>
    metadata.deletionTimestamp !== undefined && metadata.finalizers?.includes(finalizer) === true
  return deleting(object) && (!old || !deleting(old))
}
