import type { ResourceKind } from '../client.js'

/** Path of a collection, an object or a subresource. A namespaced kind without a namespace means all namespaces. */
export function resourcePath(
  kind: Pick<ResourceKind, 'group' | 'version' | 'plural' | 'scope'>,
  namespace?: string,
  name?: string,
  subresource?: string,
): string {
  let path = kind.group === '' ? `/api/${kind.version}` : `/apis/${kind.group}/${kind.version}`
  if (namespace && kind.scope === 'Namespaced') path += `/namespaces/${encodeURIComponent(namespace)}`
  path += `/${kind.plural}`
  if (name !== undefined) path += `/${encodeURIComponent(name)}`
  if (subresource) path += `/${subresource}`
  return path
}

/** Appends query parameters, leaving out those that are undefined. */
export function withQuery(path: string, parameters: Readonly<Record<string, string | number | boolean | undefined>>): string {
  let whole = path
  for (const [name, value] of Object.entries(parameters)) {
    if (value === undefined) continue
    whole += `${whole.includes('?') ? '&' : '?'}${name}=${encodeURIComponent(String(value))}`
  }
  return whole
}
