import type { Pod } from '@treeline/api'
import { errors } from '@treeline/machinery'

/** The container meant: the one named, or the only one. Throws BadRequest. */
export function containerOf(pod: Pod, asked: string): string {
  const { spec, metadata } = pod
  const containers = spec?.containers ?? []
  const all = [...(spec?.initContainers ?? []), ...containers, ...(spec?.ephemeralContainers ?? [])].map(({ name }) => name)
  if (asked !== '') {
    if (all.includes(asked)) return asked
    throw errors.badRequest(`container ${asked} is not valid for pod ${metadata.name}`)
  }
  const [only, ...others] = containers
  if (only && others.length === 0) return only.name
  const problem = `a container name must be specified for pod ${metadata.name}`
  throw errors.badRequest(only ? `${problem}, choose one of: [${all.join(' ')}]` : problem)
}
