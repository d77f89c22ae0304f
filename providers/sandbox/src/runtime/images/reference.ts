/** An image name taken apart and completed the way registries' clients do it. */
export interface ImageReference {
  /** `docker.io/library/nginx` */
  readonly repository: string
  readonly tag: string | undefined
  /** `sha256:…` */
  readonly digest: string | undefined
  /** Last segment of the repository: `nginx`. */
  readonly baseName: string
}

const hostShape = /^[A-Za-z0-9]+(?:[.-][A-Za-z0-9]+)*(?::\d{1,5})?$/
const segmentShape = /^[a-z0-9]+(?:(?:\.|_{1,2}|-+)[a-z0-9]+)*$/
const tagShape = /^\w[\w.-]{0,127}$/
const digestShape = /^[a-z0-9]+:[0-9a-f]{32,128}$/

/** Undefined when the name is not a valid image name. */
export function parseImageReference(name: string): ImageReference | undefined {
  if (name.length > 512) return undefined
  const [named = '', digest, ...excess] = name.split('@')
  if (excess.length > 0 || (digest !== undefined && !digestShape.test(digest))) return undefined
  const colon = named.lastIndexOf(':')
  const tagged = colon > named.lastIndexOf('/')
  const path = tagged ? named.slice(0, colon) : named
  const tag = tagged ? named.slice(colon + 1) : digest === undefined ? 'latest' : undefined
  if (tag !== undefined && !tagShape.test(tag)) return undefined
  const segments = path.split('/')
  const host = segments.length > 1 && /[.:]|^localhost$/.test(segments[0] ?? '') ? segments.shift() : undefined
  if (host !== undefined && !hostShape.test(host)) return undefined
  if (!segments.every((segment) => segmentShape.test(segment))) return undefined
  const library = host === undefined && segments.length === 1 ? ['library'] : []
  return { repository: [host ?? 'docker.io', ...library, ...segments].join('/'), tag, digest, baseName: segments.at(-1) ?? '' }
}

/** The completed name: repository with tag and digest as given. */
export function formatImageReference({ repository, tag, digest }: ImageReference): string {
  return `${repository}${tag === undefined ? '' : `:${tag}`}${digest === undefined ? '' : `@${digest}`}`
}
