import { schemaOf } from '@treeline/api'
import {
  applySchemaDefaults,
  checkFields,
  deepCopy,
  dropNulls,
  formatFieldError,
  groupVersion,
  isObject,
  type KubernetesObject,
  normalise,
  type ObjectMeta,
  prune,
  type StructSchema,
} from '@treeline/machinery'
import type { JsonSchema } from '../schema/json-schema.js'
import { coerceEmbedded, holdsEmbeddedResources } from '../values/embedded-resources.js'

const objectMeta = schemaOf('meta.v1.ObjectMeta')

/** One version of a custom kind, as its objects are brought into form by it. */
export interface CustomObjectForm {
  readonly group: string
  readonly version: string
  readonly json: JsonSchema
  readonly schema: StructSchema
  /** Undeclared fields go. */
  readonly prunes: boolean
}

/** What decoding an object found. */
export interface DecodedForm {
  /** Paths of fields that the schema or ObjectMeta does not declare. */
  readonly unknown: readonly string[]
  /** Why the object cannot be taken at all. */
  readonly problem?: string
}

/** Brings JSON objects into the form of a custom kind: undeclared fields and forbidden nulls go, defaults come. */
export class CustomObjects {
  readonly #form: CustomObjectForm
  readonly #apiVersion: string
  readonly #embeds: boolean

  constructor(form: CustomObjectForm) {
    this.#form = form
    this.#apiVersion = groupVersion(form.group, form.version)
    this.#embeds = holdsEmbeddedResources(form.json)
  }

  /** Brings the object of a request into form, but for its defaults. Changes `value`. */
  decode(value: Record<string, unknown>): DecodedForm {
    const { json, schema, prunes } = this.#form
    const { metadata = null } = value
    const { strict, typeError } = checkFields(objectMeta, metadata)
    if (typeError !== undefined) return { unknown: [], problem: typeError }
    const unknown = strict.map((text) => `metadata.${/"(.*)"$/s.exec(text)?.[1] ?? ''}`)
    value['metadata'] = normalise(objectMeta, metadata ?? {})
    if (prunes) {
      const pruned: string[] = []
      prune(schema, value, (path) => pruned.push(path))
      unknown.push(...pruned.sort())
      dropNulls(schema, value)
    }
    if (!this.#embeds) return { unknown }
    const embedded = coerceEmbedded(json, value, false)
    return { unknown: [...unknown, ...embedded.unknown], ...(embedded.problem && { problem: formatFieldError(embedded.problem) }) }
  }

  /** Brings an object of this version that was stored, by whatever schema, into the form that it has now. Changes `object`. */
  refresh(object: KubernetesObject): void {
    object.metadata = wellTypedMetadata(object.metadata)
    object.metadata.generation ||= 1
    this.#coerce(object)
    applySchemaDefaults(this.#form.schema, object)
  }

  /** Makes an object of another version one of this. Defaults are those of the version it had. Changes `object`. */
  convert(object: KubernetesObject): void {
    object.apiVersion = this.#apiVersion
    this.#coerce(object)
  }

  #coerce(object: KubernetesObject): void {
    const { json, schema, prunes } = this.#form
    if (prunes) {
      prune(schema, object)
      dropNulls(schema, object)
    }
    if (this.#embeds) coerceEmbedded(json, object as KubernetesObject & Record<string, unknown>, true)
  }
}

/** The object as the version that it was stored as makes it, and then as one of another version. Makes a new object. */
export function readStoredObject(stored: KubernetesObject, own: CustomObjects, storedAs: CustomObjects | undefined): KubernetesObject {
  const object = deepCopy(stored)
  const writer = storedAs ?? own
  writer.refresh(object)
  if (writer !== own) own.convert(object)
  return object
}

// What was stored before anyone looked at metadata must still be readable.
function wellTypedMetadata(metadata: unknown): ObjectMeta {
  if (!isObject(metadata)) return {}
  if (checkFields(objectMeta, metadata).typeError === undefined) return metadata
  return Object.fromEntries(
    Object.entries(metadata).filter(([key, value]) => checkFields(objectMeta, { [key]: value }).typeError === undefined),
  )
}
