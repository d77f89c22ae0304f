import type { Strategy } from '@treeline/api'
import { errors, type FieldError, FieldPath, fieldErrors, type GroupResource, isObject, type KubernetesObject } from '@treeline/machinery'
import { type JsonSchema, propertyOf } from '../schema/json-schema.js'
import { embeddedErrors, holdsEmbeddedResources } from '../values/embedded-resources.js'
import { duplicateItems } from '../values/list-uniqueness.js'
import { fieldErrorsOf } from '../values/outcome.js'
import { type ScalePaths, scaleSpecErrors, scaleStatusErrors } from '../values/scale-values.js'
import { type Old, ValueValidator } from '../values/value-validator.js'
import type { CustomObjects } from './custom-objects.js'
import { finalizerWarnings } from './finalizer-warnings.js'

/** Evaluates the rules of `x-kubernetes-validations` of a schema. */
export interface RuleEvaluator {
  validate(object: object, old: object | undefined): FieldError[]
}

/** Compiles the rules of a schema; undefined when it has none. */
export type RuleCompiler = (schema: JsonSchema) => RuleEvaluator | undefined

export interface CustomStrategyOptions {
  readonly groupResource: GroupResource
  readonly json: JsonSchema
  readonly objects: CustomObjects
  readonly hasStatus: boolean
  readonly scale: ScalePaths | undefined
  readonly terminating: boolean
  readonly rules: RuleEvaluator | undefined
}

/** What a custom kind does beyond its schema. */
export function customStrategy(options: CustomStrategyOptions): Strategy<KubernetesObject> {
  const { groupResource, objects, hasStatus, terminating } = options
  const validation = new CustomValidation(options)
  return {
    nameRule: 'dns-subdomain',
    generation: hasStatus ? 'outside-metadata-and-status' : 'outside-metadata',
    allowUnconditionalUpdate: false,
    allowCreateOnUpdate: false,
    returnDeletedObject: false,
    defaultPropagation: 'Background',
    resetFields: hasStatus ? { '': ['status'], status: ['spec'] } : {},
    decode: (value) => objects.decode(value),
    prepareForCreate(object) {
      if (terminating)
        throw errors.forbidden(
          groupResource,
          object.metadata.name ?? '',
          'create not allowed while custom resource definition is terminating',
        )
      if (hasStatus) delete statusOf(object).status
    },
    prepareForUpdate(object, old) {
      if (!hasStatus) return
      const { status } = statusOf(old)
      if (status === undefined) delete statusOf(object).status
      else statusOf(object).status = status
    },
    validate: (object) => validation.ofNew(object),
    validateUpdate: (object, old) => validation.ofUpdate(object, old),
    validateStatusUpdate: (object, old) => validation.ofStatus(object, old),
    warningsOnCreate: (object) => finalizerWarnings(object.metadata.finalizers ?? []),
    warningsOnUpdate: (object, old) => {
      const before = new Set(old.metadata.finalizers)
      return finalizerWarnings((object.metadata.finalizers ?? []).filter((finalizer) => !before.has(finalizer)))
    },
  }
}

function statusOf(object: KubernetesObject): { status?: unknown } {
  return object as { status?: unknown }
}

/** Errors behind which rules are not evaluated: they may not even be able to read such an object. */
const blocking: ReadonlySet<FieldError['type']> = new Set([
  'FieldValueNotSupported',
  'FieldValueRequired',
  'FieldValueTooLong',
  'FieldValueTooMany',
  'FieldValueTypeInvalid',
])

/** The validation of objects of one version, compiled when the first one comes. */
class CustomValidation {
  readonly #options: CustomStrategyOptions
  readonly #embeds: boolean
  #whole: ValueValidator | undefined
  #status: ValueValidator | undefined

  constructor(options: CustomStrategyOptions) {
    this.#options = options
    this.#embeds = holdsEmbeddedResources(options.json)
  }

  ofNew(object: KubernetesObject): FieldError[] {
    const { json } = this.#options
    return this.#withRules([...this.#values(object), ...duplicateItems(json, object)], object, undefined)
  }

  ofUpdate(object: KubernetesObject, old: KubernetesObject): FieldError[] {
    const { json } = this.#options
    const found = this.#values(object, { value: old })
    // Lists that already held something twice may keep it.
    if (duplicateItems(json, old).length === 0) found.push(...duplicateItems(json, object))
    return this.#withRules(found, object, old)
  }

  ofStatus(object: KubernetesObject, old: KubernetesObject): FieldError[] {
    const { json, scale } = this.#options
    const found: FieldError[] = []
    const { status } = statusOf(object)
    if (status !== undefined) {
      this.#status ??= new ValueValidator(propertyOf(json, 'status') ?? {})
      found.push(...fieldErrorsOf(this.#status.validate(status, '', { value: statusOf(old).status }).problems, FieldPath.root('status')))
    }
    if (scale) found.push(...scaleStatusErrors(object, scale))
    if (duplicateItems(json, old).length === 0) found.push(...duplicateItems(json, object))
    return this.#withRules(found, object, old)
  }

  #values(object: KubernetesObject, old?: Old): FieldError[] {
    const { json, scale } = this.#options
    this.#whole ??= new ValueValidator(json)
    return [
      ...fieldErrorsOf(this.#whole.validate(object, '', old).problems),
      ...(scale ? [...scaleSpecErrors(object, scale), ...scaleStatusErrors(object, scale)] : []),
      ...(this.#embeds && isObject(object) ? embeddedErrors(json, object) : []),
    ]
  }

  #withRules(found: FieldError[], object: object, old: object | undefined): FieldError[] {
    const { rules } = this.#options
    if (!rules) return found
    if (found.some(({ type }) => blocking.has(type))) {
      const detail =
        'some validation rules were not checked because the object was invalid; correct the existing errors to complete validation'
      return [...found, fieldErrors.invalid(undefined, null, detail)]
    }
    return [...found, ...rules.validate(object, old)]
  }
}
