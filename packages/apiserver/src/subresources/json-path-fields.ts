/** Fields named by a path such as `.spec.replicas`, without indexes. */
export function readPath(object: object, path: string): unknown {
  let value: unknown = object
  for (const step of stepsOf(path)) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step)) return undefined
    value = (value as Record<string, unknown>)[step]
  }
  return value
}

/** Sets the field of the path, with the objects on the way. */
export function writePath(object: object, path: string, value: unknown): void {
  const steps = stepsOf(path)
  const last = steps.pop()
  let at = object as Record<string, unknown>
  for (const step of steps) {
    const next = at[step]
    if (typeof next === 'object' && next !== null) at = next as Record<string, unknown>
    else at = at[step] = {}
  }
  if (last !== undefined) at[last] = value
}

function stepsOf(path: string): string[] {
  return path.split('.').filter((step) => step !== '')
}
