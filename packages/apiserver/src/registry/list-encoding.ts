import type { Listed } from '../resource-store/resource-store.js'
import type { Resource } from './resource.js'

/** The metadata of a list, in the wire's order. */
export interface ListMetadata {
  readonly resourceVersion: string
  readonly continue?: string
  readonly remainingItemCount?: number
}

const comma = 0x2c
const openBrace = 0x7b
const end = Buffer.from(']}\n')

/**
 * A list as JSON, in pieces of about `pieceSize` bytes: the stored bytes of the items, joined. Items of built-in kinds
 * go without kind and apiVersion there, which their stored bytes begin with.
 */
export function* encodeList(resource: Resource, metadata: ListMetadata, items: readonly Listed[], pieceSize: number): Generator<Buffer> {
  const head = Buffer.from(
    `{"kind":${JSON.stringify(resource.kind.listKind)},"apiVersion":${JSON.stringify(resource.apiVersion)},"metadata":${JSON.stringify(metadata)},"items":[`,
  )
  const cut = resource.kind.custom ? 0 : resource.typeMeta.length - 1
  let first = true
  for (let from = 0, opening = head.length; from < items.length || first; opening = 0) {
    let size = opening
    let to = from
    while (to < items.length && size < pieceSize) {
      size += (items[to]?.length ?? 0) + 1
      to++
    }
    const last = to === items.length
    const piece = Buffer.allocUnsafe(size + (last ? end.length : 0))
    let at = opening
    if (opening > 0) head.copy(piece)
    for (let i = from; i < to; i++) {
      const item = items[i]
      if (!item) continue
      if (i > 0) piece[at++] = comma
      if (cut > 0) {
        piece[at++] = openBrace
        at += item.copyBytes(piece, at, cut + 1)
      } else at += item.copyBytes(piece, at, 0)
    }
    if (last) at += end.copy(piece, at)
    yield piece.subarray(0, at)
    first = false
    from = to
  }
}
