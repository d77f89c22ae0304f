import type { CustomResourceDefinitionNames } from '@treeline/api'
import { type FieldError, type FieldPath, fieldErrors, validateDns1035Label } from '@treeline/machinery'

/** What is wrong with names, be they asked for or accepted. */
export function nameErrors(names: Partial<CustomResourceDefinitionNames> | undefined, path: FieldPath): FieldError[] {
  const { plural = '', singular = '', kind = '', listKind = '', shortNames = [], categories = [] } = names ?? {}
  const errors = [
    ...labelErrors(plural, path.child('plural')),
    ...labelErrors(singular, path.child('singular')),
    ...kindErrors(kind, path.child('kind')),
    ...kindErrors(listKind, path.child('listKind')),
    ...(shortNames ?? []).flatMap((name, i) => labelErrors(name, path.child('shortNames').index(i), true)),
  ]
  if (kind !== '' && kind === listKind)
    errors.push(fieldErrors.invalid(path.child('listKind'), listKind, 'kind and listKind may not be the same'))
  return [...errors, ...(categories ?? []).flatMap((name, i) => labelErrors(name, path.child('categories').index(i), true))]
}

function labelErrors(name: string, path: FieldPath, required = false): FieldError[] {
  if (name === '' && !required) return []
  const problems = validateDns1035Label(name)
  return problems.length === 0 ? [] : [fieldErrors.invalid(path, name, problems.join(','))]
}

function kindErrors(kind: string, path: FieldPath): FieldError[] {
  if (kind === '') return []
  const problems = validateDns1035Label(kind.toLowerCase())
  return problems.length === 0
    ? []
    : [fieldErrors.invalid(path, kind, `may have mixed case, but should otherwise match: ${problems.join(',')}`)]
}
