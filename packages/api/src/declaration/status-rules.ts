import { type KubernetesObject, normalise, type ObjectMeta, type StructSchema } from '@treeline/machinery'

/** Gives the object the status nothing has reported on yet: zeros where upstream always shows a value. */
export function clearStatus(schema: StructSchema, object: KubernetesObject): void {
  const status = schema.fields.get('status')
  if (!status) return
  set(object, 'status', status.pointer ? undefined : normalise(status.schema, {}))
}

/** The main resource does not change the status. */
export function restoreStatus(object: KubernetesObject, old: KubernetesObject): void {
  set(object, 'status', get(old, 'status'))
}

/** The status subresource changes nothing but status and metadata. */
export function restoreAllButStatus(schema: StructSchema, object: KubernetesObject, old: KubernetesObject): void {
  for (const name of schema.fields.keys()) if (!besideSpec.has(name)) set(object, name, get(old, name))
}

const besideSpec: ReadonlySet<string> = new Set(['apiVersion', 'kind', 'metadata', 'status'])

/** Of the metadata, some kinds let the status subresource change nothing but managed fields. */
export function restoreMetadata(
  object: KubernetesObject,
  old: KubernetesObject,
  names: readonly (keyof ObjectMeta)[] = clientMetadata,
): void {
  for (const name of names) {
    if (old.metadata[name] === undefined) delete object.metadata[name]
    else Object.assign(object.metadata, { [name]: old.metadata[name] })
  }
}

const clientMetadata = ['generation', 'deletionTimestamp', 'labels', 'annotations', 'finalizers', 'ownerReferences'] as const

const get = (object: KubernetesObject, name: string): unknown => (object as unknown as Record<string, unknown>)[name]

function set(object: KubernetesObject, name: string, value: unknown): void {
  const target = object as unknown as Record<string, unknown>
  if (value === undefined) delete target[name]
  else target[name] = value
}
