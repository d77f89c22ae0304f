import { builtinKinds, type DecodedObject, type Kind } from '@treeline/api'
import {
  applySchemaDefaults,
  checkFields,
  type Decoded,
  DecodeError,
  decodeJson,
  decodeYaml,
  errors,
  FieldPath,
  fieldErrors,
  groupVersion,
  isObject,
  type KubernetesObject,
  normalise,
  parseGroupVersion,
  quote,
} from '@treeline/machinery'
import type { BodyFormat } from '../http/negotiation.js'
import { decodeProtobuf } from './decode-protobuf.js'

/** What happens to unknown and repeated fields. */
export type FieldValidation = 'Ignore' | 'Warn' | 'Strict'

export interface DecodeRequest<T extends KubernetesObject> {
  readonly kind: Kind<T>
  readonly bytes: Buffer
  readonly format: BodyFormat
  readonly fieldValidation: FieldValidation
  readonly warn: (text: string) => void
}

/**
 * Reads an object of `kind` from a request body: canonical and with defaults. Throws StatusError 400 in upstream's words
 * for what cannot be read, is of another kind, or fails strict validation.
 */
export function decodeObject<T extends KubernetesObject>(request: DecodeRequest<T>): T {
  const { kind, bytes } = request
  const { value, duplicates } = parse(request)
  if (!isObject(value)) throw unrecognized(kind, bytes, typeProblem(value))
  const named = readTypeMeta(kind, value, bytes)
  const refuse = (problem: string) =>
    errors.badRequest(`${named.kind} in version ${quote(named.version)} cannot be handled as a ${kind.kind}: ${problem}`)
  const strict = kind.strategy.decode
    ? [...duplicates, ...problemsByStrategy(kind.strategy.decode(value), refuse)]
    : builtinProblems(kind, value, duplicates, refuse)
  report(strict, request, refuse)
  return withDefaults(kind, canonical(kind, value))
}

/** Fills in what the kind defaults. Changes the object and returns it. */
export function withDefaults<T extends KubernetesObject>(kind: Kind<T>, object: T): T {
  applySchemaDefaults(kind.schema, object)
  kind.strategy.applyDefaults?.(object)
  return object
}

function parse<T extends KubernetesObject>({ kind, bytes, format }: DecodeRequest<T>): Decoded {
  if (format === 'protobuf') return decodeProtobuf(kind, bytes)
  try {
    return format === 'yaml' ? decodeYaml(bytes) : decodeJson(bytes)
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error
    throw unrecognized(kind, bytes, format === 'yaml' ? error.message : `couldn't get version/kind; json parse error: ${error.message}`)
  }
}

interface TypeMeta {
  readonly kind: string
  readonly group: string
  readonly version: string
}

/** The kind the body says it is of; built-in kinds may leave it to the URL. Sets it on the object. */
function readTypeMeta<T extends KubernetesObject>(kind: Kind<T>, value: Record<string, unknown>, bytes: Buffer): TypeMeta {
  const { apiVersion = '', kind: kindName = '' } = value
  if (typeof apiVersion !== 'string' || typeof kindName !== 'string') {
    const field = typeof apiVersion !== 'string' ? 'apiVersion' : 'kind'
    const found = typeProblem(value[field])
    throw unrecognized(
      kind,
      bytes,
      `couldn't get version/kind; json parse error: ${found.replace('value of type', `struct field .${field} of type`)}`,
    )
  }
  if (kind.custom && kindName === '') throw errors.badRequest(`Object 'Kind' is missing in '${bytes.toString()}'`)
  const parsed = apiVersion === '' && !kind.custom ? { group: kind.group, version: kind.version } : splitVersion(kind, apiVersion, bytes)
  const named = { kind: kindName === '' ? kind.kind : kindName, ...parsed }
  const expected = groupVersion(kind.group, kind.version)
  if (named.kind !== kind.kind && !kind.custom) {
    throw errors.badRequest(
      `${named.kind} in version ${quote(named.version)} cannot be handled as a ${kind.kind}: ${otherKindProblem(kind, named)}`,
    )
  }
  const given = groupVersion(named.group, named.version)
  if (given !== expected) {
    throw errors.badRequest(`the API version in the data (${given}) does not match the expected API version (${expected})`)
  }
  if (named.kind !== kind.kind) throw wrongCustomKind(kind, named, value)
  value['apiVersion'] = expected
  value['kind'] = kind.kind
  return named
}

/** A custom kind takes in objects of every kind, to find them invalid. */
function wrongCustomKind<T extends KubernetesObject>(kind: Kind<T>, named: TypeMeta, value: Record<string, unknown>): Error {
  const { metadata } = value
  const name = isObject(metadata) && typeof metadata['name'] === 'string' ? metadata['name'] : ''
  const error = fieldErrors.invalid(FieldPath.root('kind'), named.kind, `must be ${kind.kind}`)
  return errors.invalid({ group: kind.group, kind: named.kind }, name, [error])
}

/** Another kind that exists cannot be converted; one that does not is unknown. */
function otherKindProblem<T extends KubernetesObject>(kind: Kind<T>, { group, version, kind: name }: TypeMeta): string {
  const given = groupVersion(group, version)
  if (!builtinNames.has(`${given}/${name}`)) {
    return `no kind ${quote(name)} is registered for version ${quote(given)} in scheme "pkg/api/legacyscheme/scheme.go:30"`
  }
  return `converting (${version}.${name}) to (${kind.group === '' ? 'core' : kind.group.split('.')[0]}.${kind.kind}): unknown conversion`
}

const builtinNames = new Set(builtinKinds.map(({ group, version, kind }) => `${groupVersion(group, version)}/${kind}`))

function splitVersion<T extends KubernetesObject>(kind: Kind<T>, apiVersion: string, bytes: Buffer): { group: string; version: string } {
  if (apiVersion.split('/').length > 2) throw unrecognized(kind, bytes, `unexpected GroupVersion string: ${apiVersion}`)
  return parseGroupVersion(apiVersion)
}

function builtinProblems<T extends KubernetesObject>(
  kind: Kind<T>,
  value: object,
  duplicates: readonly string[],
  refuse: (problem: string) => Error,
): readonly string[] {
  const paths: string[] = []
  const texts: string[] = []
  for (const text of duplicates) {
    const path = duplicatePath.exec(text)?.[1]
    if (path === undefined) texts.push(text)
    else paths.push(JSON.parse(path) as string)
  }
  const { strict, typeError } = checkFields(kind.schema, value, paths)
  if (typeError !== undefined) throw refuse(typeError)
  return texts.length > 0 ? [...texts, ...strict] : strict
}

/** JSON names a repeated key by its path, YAML by its line. */
const duplicatePath = /^duplicate field (".*")$/

/** The strict problems of an object that its strategy has read. Throws for one that cannot be taken. */
export function problemsByStrategy({ unknown, problem }: DecodedObject, refuse: (problem: string) => Error): string[] {
  if (problem !== undefined) throw refuse(problem)
  return unknown.map((path) => `unknown field ${quote(path)}`)
}

function report(
  strict: readonly string[],
  request: Pick<DecodeRequest<KubernetesObject>, 'fieldValidation' | 'warn'>,
  refuse: (problem: string) => Error,
): void {
  if (strict.length === 0 || request.fieldValidation === 'Ignore') return
  if (request.fieldValidation === 'Strict') throw refuse(`strict decoding error: ${strict.join(', ')}`)
  for (const problem of strict) request.warn(problem)
}

function canonical<T extends KubernetesObject>(kind: Kind<T>, value: object): T {
  if (!kind.custom) return normalise(kind.schema, value) as T
  const object = value as T
  const metadata = kind.schema.fields.get('metadata')?.schema
  if (metadata) object.metadata = normalise(metadata, object.metadata ?? {})
  return object
}

const summaryLength = 30

function unrecognized<T extends KubernetesObject>(kind: Kind<T>, bytes: Buffer, problem: string): Error {
  return errors.badRequest(`the object provided is unrecognized (must be of type ${kind.kind}): ${problem} (${summary(bytes)})`)
}

function summary(bytes: Buffer): string {
  if (bytes.length === 0) return '<empty>'
  const encoding = bytes[0] === 0x7b ? 'utf8' : 'hex'
  return bytes.length > summaryLength ? `${bytes.subarray(0, summaryLength).toString(encoding)} ...` : bytes.toString(encoding)
}

function typeProblem(value: unknown): string {
  const type = value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value === 'boolean' ? 'bool' : typeof value
  return `json: cannot unmarshal ${type} into Go value of type struct`
}
