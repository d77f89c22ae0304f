import { errors, type FieldError, FieldPath, fieldErrors, isObject, type StatusError } from '@treeline/machinery'

/** What a DELETE asks for. */
export interface DeleteOptions {
  readonly gracePeriodSeconds?: number
  readonly preconditions?: Preconditions
  readonly propagationPolicy?: string
  readonly orphanDependents?: boolean
  readonly dryRun: readonly string[]
}

export interface Preconditions {
  readonly uid?: string
  readonly resourceVersion?: string
}

const policies = ['Background', 'Foreground', 'Orphan']

/** Throws StatusError 422 for options that contradict themselves. */
export function validateDeleteOptions(options: DeleteOptions): void {
  const found: FieldError[] = []
  if (options.propagationPolicy !== undefined && options.orphanDependents !== undefined) {
    found.push(
      fieldErrors.invalid(
        FieldPath.root('propagationPolicy'),
        options.propagationPolicy,
        'orphanDependents and deletionPropagation cannot be both set',
      ),
    )
  }
  if (options.propagationPolicy !== undefined && !policies.includes(options.propagationPolicy)) {
    found.push(
      fieldErrors.notSupported(FieldPath.root('propagationPolicy'), options.propagationPolicy, [
        'Foreground',
        'Background',
        'Orphan',
        'nil',
      ]),
    )
  }
  found.push(...validateDryRun(options.dryRun))
  if (found.length > 0) throw invalidOptions('DeleteOptions', found)
}

/** What is wrong with the values of `dryRun`. */
export function validateDryRun(values: readonly string[]): FieldError[] {
  return values.some((value) => value !== 'All') ? [fieldErrors.notSupported(FieldPath.root('dryRun'), values, ['All'])] : []
}

export function invalidOptions(kind: string, found: readonly FieldError[]): StatusError {
  return errors.invalid({ group: 'meta.k8s.io', kind }, '', found)
}

/** Reads decoded DeleteOptions; members of another type are an error in upstream's words. */
export function readDeleteOptions(value: unknown): DeleteOptions {
  if (!isObject(value)) throw errors.badRequest("couldn't get version/kind; json parse error: json: cannot unmarshal into struct")
  const { gracePeriodSeconds, preconditions, propagationPolicy, orphanDependents, dryRun } = value
  return {
    gracePeriodSeconds: typed(gracePeriodSeconds, 'number', 'gracePeriodSeconds', 'int64'),
    orphanDependents: typed(orphanDependents, 'boolean', 'orphanDependents', 'bool'),
    propagationPolicy: typed(propagationPolicy, 'string', 'propagationPolicy', 'v1.DeletionPropagation'),
    preconditions: readPreconditions(preconditions),
    dryRun: Array.isArray(dryRun) ? dryRun.map(String) : [],
  }
}

function readPreconditions(value: unknown): Preconditions | undefined {
  if (!isObject(value)) return undefined
  return {
    uid: typed(value['uid'], 'string', 'preconditions.uid', 'types.UID'),
    resourceVersion: typed(value['resourceVersion'], 'string', 'preconditions.resourceVersion', 'string'),
  }
}

interface TypeNames {
  number: number
  boolean: boolean
  string: string
}

function typed<N extends keyof TypeNames>(value: unknown, type: N, field: string, goType: string): TypeNames[N] | undefined {
  if (value === undefined || value === null) return undefined
  if (typeof value !== type) {
    throw errors.badRequest(
      `json: cannot unmarshal ${Array.isArray(value) ? 'array' : typeof value} into Go struct field DeleteOptions.${field} of type ${goType}`,
    )
  }
  return value as TypeNames[N]
}
