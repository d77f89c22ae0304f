/**
 * The image name with `:latest` where it has neither tag nor digest; no registry is put in front. Throws on names that
 * no registry could have.
 */
export function withDefaultTag(name: string): string {
  const [path = '', digest] = name.split('@')
  const colon = path.lastIndexOf(':')
  const tagged = colon > path.lastIndexOf('/')
  const repository = tagged ? path.slice(0, colon) : path
  if (
    !isRepository(repository) ||
    (tagged && !tagShape.test(path.slice(colon + 1))) ||
    (digest !== undefined && !digestShape.test(digest))
  ) {
    throw new Error(`couldn't parse image name "${name}": invalid reference format`)
  }
  if (hexName.test(name)) throw new Error(`couldn't parse image name "${name}": cannot specify 64-byte hexadecimal strings`)
  return tagged || digest !== undefined ? name : `${name}:latest`
}

const hexName = /^[0-9a-f]{64}$/
const tagShape = /^\w[\w.-]{0,127}$/
const digestShape = /^[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,}$/
const segmentShape = /^[a-z0-9]+(?:(?:\.|_{1,2}|-+)[a-z0-9]+)*$/
const hostShape = /^(?:[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?)*|\[[0-9a-fA-F:]+\])(?::\d+)?$/

function isRepository(path: string): boolean {
  if (path.length === 0 || path.length > 512) return false
  const [first = '', ...rest] = path.split('/')
  if (rest.length === 0) return segmentShape.test(first)
  const hostLike = /[.:A-Z]|^localhost$/.test(first)
  return (hostLike ? hostShape.test(first) : segmentShape.test(first)) && rest.every((segment) => segmentShape.test(segment))
}
