import type { FieldPath } from '@treeline/machinery'
import type { TypeOf } from '../../../declaration/type-of.js'

type Port = TypeOf<'core.v1.ContainerPort'>

interface Place {
  readonly port: Port
  readonly path: FieldPath
}

/** Ports of the containers of a pod that get in each other's way. */
export function portWarnings(containers: readonly (readonly [{ ports?: Port[] }, FieldPath])[]): string[] {
  const places = containers.flatMap(([{ ports }, path]) =>
    (ports ?? []).map((port, index): Place => ({ port, path: path.child('ports').index(index) })),
  )
  return [...numberWarnings(places), ...nameWarnings(places)]
}

function numberWarnings(places: readonly Place[]): string[] {
  const warnings: string[] = []
  const byNumber = new Map<string, Place[]>()
  for (const place of places) {
    const { port, path } = place
    if (port.hostIP && !port.hostPort) warnings.push(`${path}: hostIP set without hostPort: ${printed(port)}`)
    const key = `${port.containerPort}/${port.protocol}`
    const others = byNumber.get(key) ?? []
    for (const other of others) {
      const problem = overlap(port, other.port)
      if (problem) warnings.push(`${path}: ${problem} port definition with ${other.path}`)
    }
    byNumber.set(key, [...others, place])
  }
  return warnings
}

function overlap(a: Port, b: Port): string | undefined {
  if ((a.hostIP ?? '') === (b.hostIP ?? '') && (a.hostPort ?? 0) === (b.hostPort ?? 0)) return 'duplicate'
  if (!a.hostPort || !b.hostPort) return 'overlapping'
  return a.hostPort === b.hostPort && !a.hostIP !== !b.hostIP ? 'dangerously ambiguous' : undefined
}

const printed = (port: Port): string =>
  `{Name:${port.name ?? ''} HostPort:${port.hostPort ?? 0} ContainerPort:${port.containerPort} Protocol:${port.protocol ?? ''} HostIP:${port.hostIP ?? ''}}`

function nameWarnings(places: readonly Place[]): string[] {
  const first = new Map<string, FieldPath>()
  return places.flatMap(({ port, path }) => {
    if (!port.name) return []
    const other = first.get(port.name)
    if (!other) first.set(port.name, path)
    return other
      ? [`${path}: duplicate port name "${port.name}" with ${other}, services and probes that select ports by name will use ${other}`]
      : []
  })
}
