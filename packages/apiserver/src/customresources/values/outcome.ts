import { type FieldError, FieldPath, fieldErrors } from '@treeline/machinery'

/** One thing that a value does against its schema. `name` is the place as messages name it, such as `spec.list[0].x`. */
export interface ValueProblem {
  readonly rule: 'type' | 'required' | 'enum' | 'too-long' | 'too-many' | 'other' | 'logic'
  readonly name: string
  readonly message: string
  readonly value?: unknown
  readonly limit?: number
  readonly supported?: readonly unknown[]
}

/** What came of validating one value: problems, each message once, and how much matched, by which the likeliest of several alternatives is told. */
export class Outcome {
  problems: ValueProblem[] = []
  matches = 0

  get valid(): boolean {
    return this.problems.length === 0
  }

  add(problem: ValueProblem): void {
    // Few problems in practice; a map of messages would cost every value that has none.
    if (!this.problems.some(({ message }) => message === problem.message)) this.problems.push(problem)
  }

  merge(other: Outcome): void {
    for (const problem of other.problems) this.add(problem)
    this.matches += other.matches
  }
}

/** The problems as field errors, under `root` (`status` for what is validated on its own). */
export function fieldErrorsOf(problems: readonly ValueProblem[], root?: FieldPath): FieldError[] {
  return problems.map((problem) => fieldErrorOf(problem, root))
}

function fieldErrorOf(problem: ValueProblem, root: FieldPath | undefined): FieldError {
  const path = problem.rule === 'logic' ? root : pathOf(problem.name, root)
  switch (problem.rule) {
    case 'required':
      return fieldErrors.required(path)
    case 'enum':
      return fieldErrors.notSupported(path, problem.value, (problem.supported ?? []).map(supportedText))
    case 'too-long':
      return fieldErrors.tooLong(path, problem.limit ?? -1)
    case 'too-many':
      return fieldErrors.tooMany(path, Number(problem.value), problem.limit ?? -1)
    case 'type':
      return fieldErrors.typeInvalid(path, problem.value ?? '', problem.message)
    default:
      return fieldErrors.invalid(path, problem.value ?? '', problem.message)
  }
}

function pathOf(name: string, root: FieldPath | undefined): FieldPath | undefined {
  const trimmed = name.startsWith('.') ? name.slice(1) : name
  if (trimmed === '') return root
  return root ? root.child(trimmed) : FieldPath.root(trimmed)
}

function supportedText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}
