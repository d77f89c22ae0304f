import { type FieldError, type FieldErrorPath, type FieldPath, fieldErrors } from '@treeline/machinery'

/** Collects what is wrong with an object, in the order the checks come upon it. */
export class Findings {
  readonly errors: FieldError[] = []

  /** Whether anything was found so far; compare `count` before and after to know of a part. */
  get count(): number {
    return this.errors.length
  }

  add(...errors: readonly FieldError[]): void {
    this.errors.push(...errors)
  }

  required(path: FieldErrorPath, detail = ''): void {
    this.errors.push(fieldErrors.required(path, detail))
  }

  invalid(path: FieldErrorPath, value: unknown, detail: string): void {
    this.errors.push(fieldErrors.invalid(path, value, detail))
  }

  /** One error for each message of a rule. */
  each(path: FieldErrorPath, value: unknown, messages: readonly string[]): void {
    for (const message of messages) this.errors.push(fieldErrors.invalid(path, value, message))
  }

  notSupported(path: FieldErrorPath, value: unknown, supported: readonly string[]): void {
    this.errors.push(fieldErrors.notSupported(path, value, supported))
  }

  forbidden(path: FieldErrorPath, detail: string): void {
    this.errors.push(fieldErrors.forbidden(path, detail))
  }

  duplicate(path: FieldErrorPath, value: unknown, detail = ''): void {
    this.errors.push({ ...fieldErrors.duplicate(path, value), detail })
  }

  notFound(path: FieldErrorPath, value: unknown, detail = ''): void {
    this.errors.push({ ...fieldErrors.notFound(path, value), detail })
  }

  tooLong(path: FieldErrorPath, maximum: number): void {
    this.errors.push(fieldErrors.tooLong(path, maximum))
  }

  tooMany(path: FieldErrorPath, actual: number, maximum: number): void {
    this.errors.push(fieldErrors.tooMany(path, actual, maximum))
  }
}

/** How upstream prints the path of an object as a whole. */
export const wholeObject = '[]'

/** A check of one value at one place. */
export type Check<T> = (found: Findings, value: T, path: FieldPath) => void

/** What a run of checks finds. */
export function findingsOf(check: (found: Findings) => void): FieldError[] {
  const found = new Findings()
  check(found)
  return found.errors
}

/** Runs a check on every item of a list, each at its index. */
export function forEachItem<T>(
  items: readonly T[] | undefined,
  path: FieldPath,
  check: (item: T, path: FieldPath, index: number) => void,
): void {
  if (!items) return
  for (let index = 0; index < items.length; index++) check(items[index] as T, path.index(index), index)
}

/** An absent string is as wrong as an empty one. */
export function requireText(found: Findings, value: string | undefined, path: FieldPath): value is string {
  if (value) return true
  found.required(path)
  return false
}

/** A value out of a list; absent and empty values pass. */
export function oneOf(found: Findings, value: string | undefined, supported: readonly string[], path: FieldPath): void {
  if (value && !supported.includes(value)) found.notSupported(path, value, supported)
}

/** A value out of a list; an empty one is missing. */
export function requireOneOf(found: Findings, value: string | undefined, supported: readonly string[], path: FieldPath): void {
  if (!value) found.required(path)
  else if (!supported.includes(value)) found.notSupported(path, value, supported)
}
