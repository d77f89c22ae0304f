import { FieldPath, validateConfigMapKey } from '@treeline/machinery'
import type { TypeOf } from '../../declaration/type-of.js'
import type { Validation } from '../../declaration/validations.js'
import { type Findings, findingsOf, wholeObject } from '../findings.js'
import { checkImmutable, sameValue } from '../immutable.js'

type ConfigMap = TypeOf<'core.v1.ConfigMap'>
type Secret = TypeOf<'core.v1.Secret'>

/** Bytes of all values of one object. */
const maxSize = 1024 * 1024

const immutableSince = 'field is immutable when `immutable` is set'

export const configMapValidation: Validation<ConfigMap> = {
  validate: (map) => findingsOf((found) => checkConfigMap(found, map)),
  validateUpdate: (map, old) =>
    findingsOf((found) => {
      checkFrozen(found, map, old, ['data', 'binaryData'])
      checkConfigMap(found, map)
    }),
}

export const secretValidation: Validation<Secret> = {
  validate: (secret) => findingsOf((found) => checkSecret(found, secret)),
  validateUpdate: (secret, old) =>
    findingsOf((found) => {
      checkImmutable(found, secret.type, old.type, FieldPath.root('type'))
      checkFrozen(found, secret, old, ['data'])
      checkSecret(found, secret)
    }),
}

/** Once immutable, for ever. */
function checkFrozen(
  found: Findings,
  object: object & { immutable?: boolean },
  old: { immutable?: boolean },
  fields: readonly string[],
): void {
  if (!old.immutable) return
  if (!object.immutable) found.forbidden('immutable', immutableSince)
  for (const field of fields) {
    if (!sameValue(get(object, field), get(old, field))) found.forbidden(field, immutableSince)
  }
}

const get = (object: object, field: string): unknown => (object as Record<string, unknown>)[field]

function checkConfigMap(found: Findings, { data = {}, binaryData = {} }: ConfigMap): void {
  let size = 0
  for (const [key, value] of Object.entries(data)) {
    const at = FieldPath.root('data').key(key)
    found.each(at, key, validateConfigMapKey(key))
    if (binaryData[key] !== undefined) found.invalid(at, key, 'duplicate of key present in binaryData')
    size += Buffer.byteLength(value)
  }
  for (const [key, value] of Object.entries(binaryData)) {
    found.each(FieldPath.root('binaryData').key(key), key, validateConfigMapKey(key))
    size += decodedLength(value)
  }
  if (size > maxSize) found.tooLong(wholeObject, maxSize)
}

const decodedLength = (base64: string): number => Buffer.byteLength(base64, 'base64')

const dataPath = FieldPath.root('data')

function checkSecret(found: Findings, secret: Secret): void {
  const { data = {}, type = '' } = secret
  let size = 0
  for (const [key, value] of Object.entries(data)) {
    found.each(dataPath.key(key), key, validateConfigMapKey(key))
    size += decodedLength(value)
  }
  if (size > maxSize) found.tooLong(dataPath, maxSize)
  if (Object.hasOwn(typedSecrets, type)) typedSecrets[type]?.(found, secret)
}

const accountName = 'kubernetes.io/service-account.name'

/** What Secrets of known types must hold. */
const typedSecrets: Readonly<Record<string, (found: Findings, secret: Secret) => void>> = {
  'kubernetes.io/service-account-token': (found, { metadata }) => {
    if (!metadata.annotations?.[accountName]) found.required(FieldPath.root('metadata', 'annotations').key(accountName))
  },
  'kubernetes.io/dockercfg': (found, { data }) => checkJson(found, data?.['.dockercfg'], '.dockercfg'),
  'kubernetes.io/dockerconfigjson': (found, { data }) => checkJson(found, data?.['.dockerconfigjson'], '.dockerconfigjson'),
  'kubernetes.io/basic-auth': (found, { data = {} }) => {
    if (data['username'] !== undefined || data['password'] !== undefined) return
    found.required(dataPath.key('username'))
    found.required(dataPath.key('password'))
  },
  'kubernetes.io/ssh-auth': (found, { data }) => {
    if (!data?.['ssh-privatekey']) found.required(dataPath.key('ssh-privatekey'))
  },
  'kubernetes.io/tls': (found, { data }) => {
    for (const key of ['tls.crt', 'tls.key']) if (data?.[key] === undefined) found.required(dataPath.key(key))
  },
}

function checkJson(found: Findings, value: string | undefined, key: string): void {
  if (value === undefined) {
    found.required(dataPath.key(key))
    return
  }
  const problem = jsonProblem(Buffer.from(value, 'base64').toString())
  if (problem) found.invalid(dataPath.key(key), '<secret contents redacted>', problem)
}

/** Why a text is no JSON object, in the words of upstream's decoder where those can be told. */
function jsonProblem(text: string): string | undefined {
  try {
    const value: unknown = JSON.parse(text)
    if (value === null || (typeof value === 'object' && !Array.isArray(value))) return undefined
    return `json: cannot unmarshal ${Array.isArray(value) ? 'array' : jsonTypes[typeof value]} into Go value of type map[string]interface {}`
  } catch {
    return firstProblem(text)
  }
}

const jsonTypes: Readonly<Record<string, string>> = { string: 'string', number: 'number', boolean: 'bool' }

function firstProblem(text: string): string {
  const rest = text.trimStart()
  if (rest === '' || /^[{["]/.test(rest)) return 'unexpected end of JSON input'
  return `invalid character ${quoted(rest[0] ?? '')} looking for beginning of value`
}

const quoted = (character: string): string => (character === "'" ? "'\\''" : `'${character}'`)
