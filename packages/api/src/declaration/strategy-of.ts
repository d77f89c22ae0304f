import type { FieldError, KubernetesObject, StructSchema } from '@treeline/machinery'
import type { Strategy, WriteRequest } from '../kind.js'
import { compileDefaults } from './defaults.js'
import { defaultsTable } from './defaults-of-kinds.js'
import { compileGatedFields } from './gated-fields.js'
import { clearStatus, restoreAllButStatus, restoreStatus } from './status-rules.js'
import type { Validation } from './validations.js'
import { withoutNulls } from './without-nulls.js'

/** What a kind says of its strategy; whatever is usual may be left out. */
export interface StrategyDeclaration<T extends KubernetesObject> extends Partial<Strategy<T>> {
  /** Whether the main resource may set the status: on creation (nodes), or always (ServiceCIDR). */
  readonly mayWriteStatus?: 'on-create' | 'always'
}

const usual = {
  nameRule: 'dns-subdomain',
  generation: 'none',
  allowUnconditionalUpdate: true,
  allowCreateOnUpdate: false,
  returnDeletedObject: false,
  defaultPropagation: 'Background',
} as const satisfies Strategy<KubernetesObject>

/**
 * The whole strategy of a kind: what its declaration says on top of what its schema implies, which is its defaults,
 * dropping fields of features that are off, and keeping status and the rest apart.
 */
export function strategyOf<T extends KubernetesObject>(
  schema: StructSchema,
  hasStatus: boolean,
  declared: StrategyDeclaration<T>,
  validation: Validation<T>,
): Strategy<T> {
  const { mayWriteStatus, ...rest } = declared
  const fillDefaults = onFirstUse(() => compileDefaults(schema, defaultsTable))
  const dropGated = onFirstUse(() => compileGatedFields(schema))
  return {
    ...usual,
    ...(hasStatus && { resetFields: { '': ['status'], status: ['spec'] } }),
    applyDefaults: (object) => fillDefaults()?.(object),
    ...rest,
    prepareForCreate(object, request) {
      if (hasStatus && !mayWriteStatus) clearStatus(schema, object)
      dropGated()?.(object)
      declared.prepareForCreate?.(object, request)
    },
    prepareForUpdate(object, old, request) {
      if (hasStatus && mayWriteStatus !== 'always') restoreStatus(object, old)
      dropGated()?.(object, old)
      declared.prepareForUpdate?.(object, old, request)
    },
    ...(hasStatus && {
      prepareForStatusUpdate(object: T, old: T, request?: WriteRequest) {
        restoreAllButStatus(schema, object, old)
        dropGated()?.(object, old)
        declared.prepareForStatusUpdate?.(object, old, request)
      },
    }),
    ...withValidation(schema, declared, validation),
  }
}

/** The checks of the table; those of subresources stand beside what prepares their updates. */
function withValidation<T extends KubernetesObject>(
  schema: StructSchema,
  declared: StrategyDeclaration<T>,
  { validate, validateUpdate, validateStatusUpdate, metadata, subresources = {} }: Validation<T>,
): Partial<Strategy<T>> {
  const plain = (object: T): T => withoutNulls(schema, object)
  const ofUpdate = (check: (object: T, old: T) => FieldError[]) => (object: T, old: T) => check(plain(object), plain(old))
  const prepared = Object.entries(declared.subresources ?? {})
  return {
    ...(validate && { validate: (object) => validate(plain(object)) }),
    ...(validateUpdate && { validateUpdate: ofUpdate(validateUpdate) }),
    ...(validateStatusUpdate && { validateStatusUpdate: ofUpdate(validateStatusUpdate) }),
    ...(metadata && { metadataValidation: metadata }),
    ...(prepared.length > 0 && {
      subresources: Object.fromEntries(
        prepared.map(([name, strategy]) => [
          name,
          subresources[name] ? { ...strategy, validateUpdate: ofUpdate(subresources[name]) } : strategy,
        ]),
      ),
    }),
  }
}

/** Compiling walks all types a kind reaches, which a process that serves three kinds should not pay for seventy. */
function onFirstUse<V>(make: () => V): () => V {
  let made: { value: V } | undefined
  return () => {
    made ??= { value: make() }
    return made.value
  }
}
