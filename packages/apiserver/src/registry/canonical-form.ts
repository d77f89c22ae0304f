import type { Kind } from '@treeline/api'
import { type KubernetesObject, normalise, storedForm } from '@treeline/machinery'

/**
 * The one form of an object that is stored and compared: of a built-in kind as its schema says, of a custom one as it
 * is with canonical metadata. kind and apiVersion come first, as lists rely on (`Resource.typeMeta`).
 */
export function canonicalForm<T extends KubernetesObject>(kind: Kind<T>, object: T): T {
  const { kind: kindName, apiVersion, metadata, ...rest } = kind.custom ? object : normalise(kind.schema, object)
  const metadataSchema = kind.schema.fields.get('metadata')?.schema
  const canonical = {
    kind: kindName,
    apiVersion,
    metadata: kind.custom && metadataSchema ? normalise(metadataSchema, metadata) : metadata,
    ...rest,
  } as unknown as T
  return canonical
}

/** Canonical, and as it looks after storage. */
export function formToStore<T extends KubernetesObject>(kind: Kind<T>, object: T): T {
  const canonical = canonicalForm(kind, object)
  if (!kind.custom) storedForm(kind.schema, canonical)
  return canonical
}
