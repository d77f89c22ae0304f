import type { FieldError, GroupVersionKind, KubernetesObject, StructSchema } from '@treeline/machinery'

/**
 * A kind, declared once. Registry, discovery, OpenAPI, validation, Table output, server-side apply and the TypeScript
 * type of its objects derive from this value; a CustomResourceDefinition produces the same value.
 */
export interface Kind<T extends KubernetesObject = KubernetesObject> {
  readonly group: string
  readonly version: string
  readonly kind: string
  readonly listKind: string
  readonly plural: string
  readonly singular: string
  readonly shortNames: readonly string[]
  readonly categories: readonly string[]
  readonly scope: 'Namespaced' | 'Cluster'
  /** Schema of the whole object, TypeMeta and ObjectMeta included. */
  readonly schema: StructSchema
  /** Verbs of the main resource, in discovery's order. */
  readonly verbs: readonly Verb[]
  readonly subresources: readonly Subresource[]
  readonly columns: readonly Column<T>[]
  /** Field selectors beyond metadata.name and metadata.namespace: label to value. */
  readonly selectableFields: Readonly<Record<string, Getter<T>>>
  /** Path below the storage root, such as `minions` or `services/specs` (contract: etcd layout). */
  readonly storagePrefix: string
  readonly strategy: Strategy<T>
  /** Deprecation text sent as a Warning header on every request of this kind. */
  readonly deprecationWarning?: string
  /** What a Table says of a whole row, such as that a pod has completed. */
  rowConditions?(object: T): readonly RowCondition[]
  /** Stored at another version of the group, or in another group: autoscaling/v1, events.k8s.io/v1. */
  readonly storedAs?: StoredAs<T>
  /** `false` on kinds that are only requests and answers: reviews, Binding, Scale. */
  readonly stored?: false
  /** Schema of a list of these objects; absent on custom kinds and on kinds that have no list. */
  readonly listSchema?: StructSchema
  /** Set on kinds that come from a CustomResourceDefinition. */
  readonly custom?: true
  /** Verbs that discovery names, where it is not all that are served. */
  readonly discoveredVerbs?: readonly Verb[]
  /** OpenAPI v3 schema of the object; published in the place of one made from `schema`, which says less. */
  readonly openApi?: object
  /** Versions of the kind that are not served, and yet named by managed fields of old. */
  readonly unservedVersions?: readonly Kind[]
  /**
   * Brings an object as it lies in the store, by whatever version and schema it was written, into the form it has now. Makes
   * a new object. Absent where what is stored is what is served.
   */
  readStored?(object: KubernetesObject): T
  /** Only to carry the type; never present at run time. */
  readonly objectType?: T
}

/** Reads a value of an object. Bivariant in the object, so that kinds of all types fit in one list. */
export type Getter<T> = { get(object: T): string }['get']

/** The kind an object is stored as, and the way there and back. Both make new objects and keep the metadata. */
export interface StoredAs<T> {
  readonly kind: Kind
  toStored(object: T): KubernetesObject
  fromStored(object: KubernetesObject): T
}

export interface RowCondition {
  readonly type: string
  readonly status: 'True' | 'False' | 'Unknown'
  readonly reason?: string
  readonly message?: string
}

export type Verb = 'create' | 'delete' | 'deletecollection' | 'get' | 'list' | 'patch' | 'update' | 'watch'

export interface Subresource {
  /** Path segment after the name, such as `status`, `scale`, `binding`. */
  readonly name: string
  readonly verbs: readonly Verb[]
  /** Kind of request and answer when it is not the parent's. */
  readonly gvk?: GroupVersionKind
  /** For `scale`: JSON paths into the parent, such as `.spec.replicas`. */
  readonly scale?: { readonly specReplicasPath: string; readonly statusReplicasPath: string; readonly labelSelectorPath?: string }
}

/** A Table column. `cell` gets the object and the time of the answer in milliseconds. */
export interface Column<T> {
  readonly name: string
  readonly type: 'string' | 'integer' | 'number' | 'boolean' | 'date'
  readonly format?: string
  readonly description: string
  /** 0 is always shown, 1 only with -o wide. */
  readonly priority: number
  cell(object: T, now: number): Cell
}

export type Cell = string | number | boolean | null

/** What a kind does beyond its schema. Hooks are functions of what they are given; the ones that prepare may change the object. */
export interface Strategy<T extends KubernetesObject> {
  /** How a name must look. */
  readonly nameRule: 'dns-subdomain' | 'dns-label' | 'dns-1035-label' | 'path-segment' | 'ip-address' | 'none'
  /** When metadata.generation counts: on a change of spec, of anything outside metadata and status, or not at all. */
  readonly generation: 'spec' | 'none' | 'outside-metadata' | 'outside-metadata-and-status'
  /** What counts, on kinds where it is something else than `generation` says. */
  generationCounts?(object: T): unknown
  /** A PUT without resourceVersion is accepted. */
  readonly allowUnconditionalUpdate: boolean
  /** A PUT of an absent object creates it. */
  readonly allowCreateOnUpdate: boolean
  /** DELETE answers with the object instead of a Status. */
  readonly returnDeletedObject: boolean
  /** Policy when a DELETE names none. */
  readonly defaultPropagation: 'Background' | 'Orphan' | 'Unsupported'
  /** Grace of a DELETE in seconds; absent means the kind is deleted at once. */
  gracePeriod?(object: T, requested: number | undefined): number
  /**
   * Reads a decoded JSON object as one of the kind, but for its defaults, where the schema does not tell all. Changes `value`.
   * Absent on built-in kinds.
   */
  decode?(value: Record<string, unknown>): DecodedObject
  /** Fills in defaults that the schema cannot state. Runs on every decoded request body and on every stored object read back. */
  applyDefaults?(object: T): void
  /** Clears or derives what a creator may not choose (status, for one). */
  prepareForCreate?(object: T, request?: WriteRequest): void
  /** Restores what an updater of the main resource may not change. */
  prepareForUpdate?(object: T, old: T, request?: WriteRequest): void
  /** Restores what an updater of `status` may not change; by default everything but status. */
  prepareForStatusUpdate?(object: T, old: T, request?: WriteRequest): void
  /** The same for updates through other subresources that answer with the whole object: `ephemeralcontainers`, `approval`, …. */
  readonly subresources?: Readonly<Record<string, SubresourceStrategy<T>>>
  /** Marks an object that waits for a cleanup of its own kind, in the place of the marks that grace and finalizers leave. Changes it. */
  beginDeletion?(object: T, now: Date): void
  validate?(object: T): FieldError[]
  validateUpdate?(object: T, old: T): FieldError[]
  validateStatusUpdate?(object: T, old: T): FieldError[]
  /** Where validation treats metadata otherwise than usual. */
  readonly metadataValidation?: MetadataValidation
  /**
   * Paths the server takes from the store or empties on a write, so that server-side apply does not own them: by
   * subresource, `''` for the main resource. Dotted, such as `status` or `metadata.labels`.
   */
  readonly resetFields?: Readonly<Record<string, readonly string[]>>
  /** Texts for Warning headers. */
  warningsOnCreate?(object: T): string[]
  warningsOnUpdate?(object: T, old: T): string[]
}

/** What reading an object has found. */
export interface DecodedObject {
  /** Paths of fields that the kind does not declare. */
  readonly unknown: readonly string[]
  /** Why the object cannot be taken at all. */
  readonly problem?: string
}

/**
 * What a kind's own validation does with metadata on top of what is done for every kind. Upstream repeats itself, and
 * the causes of an answer tell how often.
 */
export interface MetadataValidation {
  /** Checks on an update of the main resource: of the change, and of the new metadata as if it were created. */
  readonly onUpdate?: readonly ('change' | 'new')[]
  /** The same for an update of the status. */
  readonly onStatusUpdate?: readonly ('change' | 'new')[]
  /** Finalizers need no domain. */
  readonly anyFinalizer?: boolean
}

/** How an update through one subresource differs from one of the main resource. */
export interface SubresourceStrategy<T extends KubernetesObject> {
  /** Restores all that the subresource may not change. */
  prepareForUpdate(object: T, old: T, request?: WriteRequest): void
  validateUpdate?(object: T, old: T): FieldError[]
}

/** Who writes, and when. Without it hooks take the time of day, and leave out what they would note of the user. */
export interface WriteRequest {
  readonly now?: Date
  readonly user?: {
    readonly name: string
    readonly uid?: string
    readonly groups?: readonly string[]
    readonly extra?: Readonly<Record<string, readonly string[]>>
  }
}
