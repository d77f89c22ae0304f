import { createHash } from 'node:crypto'
import type { Kind } from '@treeline/api'
import { type GroupVersionKind, groupVersion } from '@treeline/machinery'
import { answerHeaders, answerText } from '../http/answer.js'
import type { Exchange } from '../http/exchange.js'
import { acceptClauses } from '../http/negotiation.js'
import type { Stage } from '../http/pipeline.js'
import type { ServedKinds } from '../registry/served-kinds.js'
import { documentV2 } from './document-v2.js'
import { documentV3 } from './document-v3.js'
import { subresourceKinds } from './subresource-kinds.js'

/** A document as it is sent. Its hash is its entity tag and part of its address. */
interface Document {
  readonly json: Buffer
  readonly hash: string
}

/** Answers `/openapi/v2` and `/openapi/v3`. Documents are made on first demand and kept until their kinds change. */
export function serveOpenApi(kinds: ServedKinds): Stage {
  const documents = new Documents(kinds)
  return (exchange) => {
    const { path } = exchange.info
    if (!path.startsWith('/openapi/')) return
    if (exchange.request.method !== 'GET' && exchange.request.method !== 'HEAD') return
    if (path === '/openapi/v3') answerIndex(exchange, documents)
    else if (path === '/openapi/v2') answerDocument(exchange, documents.v2())
    else if (path.startsWith('/openapi/v3/')) answerGroupVersion(exchange, documents, path.slice('/openapi/v3/'.length))
  }
}

function answerIndex(exchange: Exchange, documents: Documents): void {
  const paths: Record<string, { serverRelativeURL: string }> = {}
  for (const name of documents.names()) paths[name] = { serverRelativeURL: addressOf(name, documents.v3(name)?.hash ?? '') }
  const headers = answerHeaders(exchange, 'text/plain; charset=utf-8')
  exchange.responder.send(200, headers, JSON.stringify({ paths }))
}

function answerGroupVersion(exchange: Exchange, documents: Documents, name: string): void {
  const document = documents.v3(name)
  if (!document) {
    answerText(exchange, 404, '')
    return
  }
  const asked = exchange.info.query === '' ? null : exchange.query.get('hash')
  if (asked !== null && asked !== '' && asked !== document.hash) {
    const headers = answerHeaders(exchange, 'text/html; charset=utf-8')
    headers['location'] = addressOf(name, document.hash)
    exchange.responder.send(301, headers)
    return
  }
  answerDocument(exchange, document, asked === document.hash)
}

const aYear = 31_536_000_000

function answerDocument(exchange: Exchange, { json, hash }: Document, immutable = false): void {
  if (!takesJson(exchange)) {
    answerText(exchange, 406, '')
    return
  }
  const headers = answerHeaders(exchange, 'application/json')
  const etag = `"${hash}"`
  headers['etag'] = etag
  headers['vary'] = 'Accept'
  if (immutable) {
    headers['cache-control'] = 'public, immutable'
    headers['expires'] = new Date(exchange.received + aYear).toUTCString()
  }
  if (exchange.request.headers['if-none-match'] === etag) exchange.responder.send(304, headers)
  else exchange.responder.send(200, headers, json)
}

function takesJson(exchange: Exchange): boolean {
  const accept = exchange.header('accept')
  if (!accept) return true
  return acceptClauses(accept).some(({ type }) => type === 'application/json' || type === '*/*' || type === 'application/*')
}

function addressOf(name: string, hash: string): string {
  return `/openapi/v3/${name}?hash=${hash}`
}

/** The documents that were asked for, each as old as the table of kinds it was made from. */
class Documents {
  private generation = -1
  private readonly made = new Map<string, Document>()

  constructor(private readonly kinds: ServedKinds) {}

  /** Names of the version 3 documents: paths of group versions. */
  names(): string[] {
    const { kinds } = this
    return kinds
      .groupNames()
      .flatMap((group) => kinds.versions(group).map((version) => (group === '' ? `api/${version}` : `apis/${group}/${version}`)))
      .sort()
  }

  v3(name: string): Document | undefined {
    const [prefix, ...rest] = name.split('/')
    const [group, version] = prefix === 'api' ? ['', rest[0]] : rest
    if (group === undefined || version === undefined || rest.length > 2 || !this.kinds.hasVersion(group, version)) return undefined
    return this.document(name, () => documentV3(group, version, this.membersOf(group, version), (gvk) => this.find(gvk)))
  }

  v2(): Document {
    const all = [...this.kinds.all()].map((resource) => resource.kind)
    return this.document('v2', () => documentV2(all, (gvk) => this.find(gvk)))
  }

  private document(name: string, make: () => object): Document {
    if (this.generation !== this.kinds.generation) {
      this.made.clear()
      this.generation = this.kinds.generation
    }
    let document = this.made.get(name)
    if (!document) {
      const json = Buffer.from(JSON.stringify(make()))
      document = { json, hash: createHash('sha512').update(json).digest('hex').toUpperCase() }
      this.made.set(name, document)
    }
    return document
  }

  private membersOf(group: string, version: string): Kind[] {
    return this.kinds.members(group, version).map((resource) => resource.kind)
  }

  private find({ group, version, kind }: GroupVersionKind): Kind | undefined {
    return (
      this.membersOf(group, version).find((candidate) => candidate.kind === kind) ??
      subresourceKinds.get(`${groupVersion(group, version)}/${kind}`)
    )
  }
}
