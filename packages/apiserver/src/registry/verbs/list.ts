import type { KubernetesObject } from '@treeline/machinery'
import { acceptsGzip, answerHeaders, answerObject } from '../../http/answer.js'
import { compressed } from '../../http/compression.js'
import type { Exchange } from '../../http/exchange.js'
import { type AnswerForm, listOffer, negotiate } from '../../http/negotiation.js'
import type { ListPage } from '../../resource-store/resource-store.js'
import { readIncludeObject, tableOf } from '../../table/table.js'
import { notAcceptableAs, partialMetadata } from '../answer-as.js'
import { encodeList, type ListMetadata } from '../list-encoding.js'
import { readListOptions } from '../list-options.js'
import type { Resource } from '../resource.js'
import type { ResourceRequest } from './resource-request.js'

/** Answers with the objects of a kind, of one namespace or all. */
export async function list({ exchange, resource, namespace }: ResourceRequest): Promise<void> {
  const form = negotiate(exchange, listOffer)
  if (form.as === 'PartialObjectMetadata') throw notAcceptableAs(form)
  const page = await resource.store.list({ ...readListOptions(exchange, resource, false), namespace })
  const metadata = listMetadata(resource, page, form.as === undefined)
  if (form.as === undefined && form.format === 'json' && !form.pretty) await stream(exchange, resource, page, metadata)
  else answerObject(exchange, 200, listObject(exchange, resource, page, metadata, form), form)
}

/** The metadata of a page. Whole lists of custom resources always say `continue`. */
export function listMetadata(resource: Resource, page: ListPage<KubernetesObject>, whole: boolean): ListMetadata {
  const { continueToken, remainingItemCount } = page
  return {
    ...(continueToken !== undefined ? { continue: continueToken } : resource.kind.custom && whole ? { continue: '' } : {}),
    ...(remainingItemCount !== undefined && remainingItemCount > 0 && { remainingItemCount }),
    resourceVersion: String(page.revision),
  }
}

function listObject(
  exchange: Exchange,
  resource: Resource,
  page: ListPage<KubernetesObject>,
  metadata: ListMetadata,
  form: AnswerForm,
): object {
  const objects = page.items.map((stored) => stored.object)
  if (form.as === 'Table') {
    return tableOf(resource.kind, objects, {
      version: form.asVersion ?? 'v1',
      include: readIncludeObject(exchange),
      now: exchange.received,
      metadata,
    })
  }
  if (form.as === 'PartialObjectMetadataList') {
    const version = form.asVersion ?? 'v1'
    return {
      kind: 'PartialObjectMetadataList',
      apiVersion: `meta.k8s.io/${version}`,
      metadata,
      // Upstream has always answered null for none.
      items: objects.length === 0 ? null : objects.map((object) => partialMetadata(object, version)),
    }
  }
  return {
    kind: resource.kind.listKind,
    apiVersion: resource.apiVersion,
    metadata,
    items: objects.map((object) => listItem(resource, object)),
  }
}

/** Items of built-in kinds carry no type of their own. */
function listItem(resource: Resource, object: KubernetesObject): object {
  if (resource.kind.custom) return object
  const { kind: _kind, apiVersion: _apiVersion, ...item } = object
  return item
}

const pieceSize = 512 * 1024

/** Sends the page without ever holding it whole, as fast as the peer takes it. */
async function stream(exchange: Exchange, resource: Resource, page: ListPage<KubernetesObject>, metadata: ListMetadata): Promise<void> {
  const pieces = encodeList(resource, metadata, page.items, pieceSize)
  const first: IteratorResult<Buffer> = pieces.next()
  const headers = answerHeaders(exchange, 'application/json')
  const second: IteratorResult<Buffer> = first.done ? first : pieces.next()
  if (second.done) {
    exchange.responder.send(200, headers, first.value ?? '')
    return
  }
  const zipped = acceptsGzip(exchange)
  if (zipped) {
    headers['content-encoding'] = 'gzip'
    headers['vary'] = 'Accept-Encoding'
  }
  const plain = exchange.responder.start(200, headers)
  const body = zipped ? compressed(plain) : plain
  if (first.value) body.write(first.value)
  for (let piece: IteratorResult<Buffer> = second; !piece.done; piece = pieces.next()) {
    if (!body.write(piece.value)) await body.drained()
    if (body.closed) return
  }
  body.end()
}
