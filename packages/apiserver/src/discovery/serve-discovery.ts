import { errors } from '@treeline/machinery'
import { answerHeaders, answerObject } from '../http/answer.js'
import type { Exchange } from '../http/exchange.js'
import { acceptClauses, negotiate, plainOffer } from '../http/negotiation.js'
import { notFoundPage } from '../http/not-found.js'
import type { Stage } from '../http/pipeline.js'
import type { ServedKinds } from '../registry/served-kinds.js'
import { type AggregatedDiscovery, aggregatedDiscovery } from './aggregated.js'
import { apiGroup, apiGroupList, apiResourceList, apiVersions } from './legacy.js'

const aggregatedType = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList'

/** Answers `/api` and `/apis` down to the group versions. Documents are made on first demand and kept until the kinds change. */
export function serveDiscovery(kinds: ServedKinds, serverAddress: () => string): Stage {
  const documents = new Map<boolean, { generation: number; document: AggregatedDiscovery }>()
  const aggregated = (core: boolean): AggregatedDiscovery => {
    const known = documents.get(core)
    if (known?.generation === kinds.generation) return known.document
    const document = aggregatedDiscovery(kinds, core)
    documents.set(core, { generation: kinds.generation, document })
    return document
  }
  return (exchange) => {
    const parts = exchange.info.path.split('/').filter((part) => part !== '')
    const [prefix, first, second] = parts
    if (prefix !== 'api' && prefix !== 'apis') return
    const core = prefix === 'api'
    if (parts.length > (core ? 2 : 3)) return
    const { method } = exchange.request
    if (method !== 'GET' && !(method === 'HEAD' && !core && second === undefined)) throw errors.genericResponse(405)
    if (first === undefined) {
      const form = rootForm(exchange)
      if (form === 'aggregated') answerAggregated(exchange, aggregated(core))
      else answerObject(exchange, 200, core ? apiVersions(serverAddress()) : apiGroupList(kinds), negotiate(exchange, plainOffer))
      return
    }
    const group = core ? '' : first
    const version = core ? first : second
    if (!kinds.hasGroup(group)) return notFoundPage(exchange)
    if (version === undefined) {
      answerObject(exchange, 200, apiGroup(kinds, group), negotiate(exchange, plainOffer))
      return
    }
    if (!kinds.hasVersion(group, version)) {
      if (isCustom(kinds, group)) return notFoundPage(exchange)
      throw errors.genericResponse(404)
    }
    answerObject(exchange, 200, apiResourceList(kinds, group, version), negotiate(exchange, plainOffer))
  }
}

/** Whether a group has custom kinds only. */
function isCustom(kinds: ServedKinds, group: string): boolean {
  return kinds.versions(group).every((version) => kinds.members(group, version).every(({ kind }) => kind.custom))
}

/** The first clause of the Accept header that can be served decides. */
function rootForm(exchange: Exchange): 'aggregated' | 'legacy' {
  for (const { type, parameters } of acceptClauses(exchange.header('accept') ?? '')) {
    const as = parameters.get('as')
    if (as === undefined) return 'legacy'
    const asked = as === 'APIGroupDiscoveryList' && parameters.get('g') === 'apidiscovery.k8s.io' && parameters.get('v') === 'v2'
    if (asked && (type === 'application/json' || type === '*/*')) return 'aggregated'
  }
  return 'legacy'
}

function answerAggregated(exchange: Exchange, { json, etag }: AggregatedDiscovery): void {
  const headers = answerHeaders(exchange, aggregatedType)
  headers['cache-control'] = 'public'
  headers['etag'] = etag
  headers['vary'] = 'Accept'
  if (exchange.request.headers['if-none-match'] === etag) {
    delete headers['content-type']
    exchange.responder.send(304, headers)
  } else exchange.responder.send(200, headers, json)
}
