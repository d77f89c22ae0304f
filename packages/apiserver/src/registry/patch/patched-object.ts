import { builtinKinds, type Kind } from '@treeline/api'
import { checkFields, deepCopy, errors, FieldPath, fieldErrors, groupVersion, isObject, type KubernetesObject } from '@treeline/machinery'
import { canonicalForm } from '../canonical-form.js'
import { type FieldValidation, problemsByStrategy, withDefaults } from '../decode-object.js'
import type { ReadPatch } from './patch-types.js'

/**
 * What a patch makes of the current object: canonical and with defaults. Throws StatusError 422 with the single cause
 * `patch` for a result that is no object of the kind, or that strict validation refuses.
 */
export function patchedObject<T extends KubernetesObject>(
  kind: Kind<T>,
  current: T,
  read: ReadPatch,
  fieldValidation: FieldValidation,
  warn: (text: string) => void,
): T {
  const value = deepCopy(read.patch(current))
  // What a strategy has read is no longer what the patch has made.
  const shown = () => read.shown(kind.strategy.decode ? read.patch(current) : value)
  const refuse = (problem: string) =>
    errors.invalid({ group: '', kind: '' }, '', [fieldErrors.invalid(FieldPath.root('patch'), shown(), problem)])
  if (!isObject(value)) throw refuse(`json: cannot unmarshal ${Array.isArray(value) ? 'array' : typeof value} into Go value of type struct`)
  const apiVersion = groupVersion(kind.group, kind.version)
  if (read.ofKnownKind || !value['kind']) value['kind'] = kind.kind
  if (read.ofKnownKind || !value['apiVersion']) value['apiVersion'] = apiVersion
  if (value['kind'] !== kind.kind || value['apiVersion'] !== apiVersion) {
    checkAsOtherKind(value, refuse)
    const given = `${String(value['apiVersion'] ?? '')}, Kind=${String(value['kind'] ?? '')}`
    throw refuse(`${given} is not a suitable type for ${apiVersion}, Kind=${kind.kind}`)
  }
  const strict = [...read.strict, ...problemsOf(kind, value, refuse)]
  if (strict.length > 0 && fieldValidation === 'Strict') throw refuse(`strict decoding error: ${strict.join(', ')}`)
  if (fieldValidation === 'Warn') for (const problem of strict) warn(problem)
  return withDefaults(kind, canonicalForm(kind, value as unknown as T))
}

/** An object that became one of another kind is first read as that. */
function checkAsOtherKind(value: Record<string, unknown>, refuse: (problem: string) => Error): void {
  const other = builtinKinds.find(
    ({ group, version, kind }) => kind === value['kind'] && groupVersion(group, version) === value['apiVersion'],
  )
  const problem = other && checkFields(other.schema, value).typeError
  if (problem !== undefined) throw refuse(problem)
}

function problemsOf<T extends KubernetesObject>(
  kind: Kind<T>,
  value: Record<string, unknown>,
  refuse: (problem: string) => Error,
): readonly string[] {
  if (kind.strategy.decode) return problemsByStrategy(kind.strategy.decode(value), refuse)
  const { strict, typeError } = checkFields(kind.schema, value)
  if (typeError !== undefined) throw refuse(typeError)
  return strict
}
