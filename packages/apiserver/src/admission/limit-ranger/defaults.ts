import type { Container, LimitRange, Pod } from '@treeline/api'

/** Under this annotation the pod says what was given to it. */
const annotation = 'kubernetes.io/limit-ranger'

type Amounts = Readonly<Record<string, string | number>>

/** Gives every container the requests and limits it lacks. */
export function applyDefaults(pod: Pod, range: LimitRange): void {
  const limits = (range.spec?.limits ?? []).filter(({ type }) => type === 'Container')
  const requests: Amounts = Object.assign({}, ...limits.map(({ defaultRequest }) => defaultRequest))
  const maxima: Amounts = Object.assign({}, ...limits.map((limit) => limit.default))
  const given = [
    ...(pod.spec?.containers ?? []).flatMap((container) => complete(container, requests, maxima, 'container')),
    ...(pod.spec?.initContainers ?? []).flatMap((container) => complete(container, requests, maxima, 'init container')),
  ]
  if (given.length === 0) return
  pod.metadata.annotations = { ...pod.metadata.annotations, [annotation]: `LimitRanger plugin set: ${given.join('; ')}` }
}

function complete(container: Container, requests: Amounts, limits: Amounts, title: string): string[] {
  const given: string[] = []
  for (const [field, defaults, what] of [
    ['requests', requests, 'request'],
    ['limits', limits, 'limit'],
  ] as const) {
    const missing = Object.keys(defaults).filter((name) => container.resources?.[field]?.[name] === undefined)
    if (missing.length === 0) continue
    const added = Object.fromEntries(missing.map((name) => [name, defaults[name]]))
    container.resources = { ...container.resources, [field]: { ...container.resources?.[field], ...added } }
    given.push(`${missing.sort().join(', ')} ${what} for ${title} ${container.name}`)
  }
  return given
}
