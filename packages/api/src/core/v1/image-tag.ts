/**
 * The tag an image reference asks for: `latest` when it names neither tag nor digest, and nothing when it is pinned by
 * digest alone or cannot be read.
 */
export function imageTag(reference: string): string {
  const match =
    /^(?<name>[^:@/]+(?::\d+)?(?:\/[^:@]+)*|[^:@]+)(?::(?<tag>[\w][\w.-]{0,127}))?(?<digest>@[a-z0-9+._-]+:[0-9a-f]{32,})?$/i.exec(
      reference,
    )
  const groups = match?.groups
  if (!groups?.['name'] || !isRepository(groups['name'])) return ''
  return groups['tag'] ?? (groups['digest'] ? '' : 'latest')
}

/** The part before the first slash is a host when it looks like one; the rest is lower-case path. */
function isRepository(name: string): boolean {
  const slash = name.indexOf('/')
  const first = name.slice(0, slash)
  const hasHost = slash > 0 && (/[.:]/.test(first) || first === 'localhost' || first !== first.toLowerCase())
  const path = hasHost ? name.slice(slash + 1) : name
  return name.length <= 255 && path.split('/').every((part) => /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*$/.test(part))
}
