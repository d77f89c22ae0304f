import type { Kind } from '@treeline/api'
import { errors, type KubernetesObject } from '@treeline/machinery'
import type { Authorizer } from '../authorization/authorizer.js'
import { answerObject } from '../http/answer.js'
import { bodyLimit } from '../http/body.js'
import type { Exchange } from '../http/exchange.js'
import { bodyFormat, negotiate, plainOffer } from '../http/negotiation.js'
import { notFoundPage } from '../http/not-found.js'
import type { Stage } from '../http/pipeline.js'
import { scaleVerbs } from '../subresources/scale.js'
import { admissionAttributes } from './admission-chain.js'
import { decodeObject } from './decode-object.js'
import type { ApiInternals } from './internals.js'
import type { Registry } from './registry.js'
import type { Resource } from './resource.js'
import type { SubresourceCall, SubresourceHandler } from './subresource-handler.js'
import { create } from './verbs/create.js'
import { deleteOne } from './verbs/delete.js'
import { deleteCollection } from './verbs/delete-collection.js'
import { get } from './verbs/get.js'
import { list } from './verbs/list.js'
import { patch } from './verbs/patch.js'
import { checkPathName, type ResourceRequest, type VerbHandler, writeContext } from './verbs/resource-request.js'
import { update } from './verbs/update.js'
import { watch } from './verbs/watch.js'
import { readWriteOptions } from './write-options.js'

export interface ResourceServing {
  readonly registry: Registry
  readonly internals: ApiInternals
  readonly authorizer: Authorizer
  readonly subresources: readonly SubresourceHandler[]
}

const collectionVerbs: Readonly<Record<string, VerbHandler>> = { list, watch, create, deletecollection: deleteCollection }
const objectVerbs: Readonly<Record<string, VerbHandler>> = { get, update, patch, delete: deleteOne, watch }
const statusVerbs: Readonly<Record<string, VerbHandler>> = { get, update, patch }

/** The last stage: takes a request for a resource to its verb, or to the handler of its subresource. */
export function serveResources(serving: ResourceServing): Stage {
  const handlers = new Map(serving.subresources.map((handler) => [`${handler.group}/${handler.resource}/${handler.subresource}`, handler]))
  return (exchange) => {
    const { info } = exchange
    if (!info.isResource) return undefined
    const { kinds } = serving.registry
    const resource = kinds.find(info.group, info.version, info.resource)
    if (!resource) return answerUnknown(exchange, serving.registry)
    const { kind } = resource
    if (kind.deprecationWarning) exchange.warn(kind.deprecationWarning)
    if (resource.namespaced ? info.namespace === '' && !info.collection : info.namespace !== '' && info.resource !== 'namespaces') {
      if (kind.custom) return notFoundPage(exchange)
      throw errors.genericResponse(404)
    }
    checkPathName(info.name)
    const request: ResourceRequest = {
      exchange,
      registry: serving.registry,
      resource,
      namespace: resource.namespaced && info.namespace !== '' ? info.namespace : undefined,
      name: info.name,
      authorizer: serving.authorizer,
    }
    const handler = handlers.get(`${info.group}/${info.resource}/${info.subresource}`)
    if (handler) return callHandler(handler, request, serving.internals)
    const verb = verbOf(request)
    return resource.loaded ? verb(request) : resource.load().then(() => verb(request))
  }
}

function answerUnknown(exchange: Exchange, { kinds }: Registry): void {
  if (kinds.hasGroup(exchange.info.group)) throw errors.genericResponse(404)
  notFoundPage(exchange)
}

function verbOf({ exchange, resource, namespace }: ResourceRequest): VerbHandler {
  const { info } = exchange
  const { kind } = resource
  if (info.subresource === '') {
    const table = info.collection ? collectionVerbs : objectVerbs
    const verb = table[info.verb]
    const unscoped = resource.namespaced && namespace === undefined && (info.verb === 'create' || info.verb === 'deletecollection')
    const served = (kind.verbs as readonly string[]).includes(info.verb)
    if (!verb || !served || unscoped || exchange.request.method === 'HEAD') throw notAllowed(resource, info.verb)
    return verb
  }
  const subresource = kind.subresources.find(({ name }) => name === info.subresource)
  if (!subresource || info.rest !== '') {
    throw kind.custom ? errors.notFound(resource.groupResource, info.name) : errors.genericResponse(404)
  }
  const table = subresource.scale ? scaleVerbs(subresource.scale) : statusVerbs
  const verb = table[info.verb]
  if (!verb || !(subresource.verbs as readonly string[]).includes(info.verb)) throw notAllowed(resource, info.verb)
  return verb
}

function notAllowed({ kind, groupResource }: Resource, verb: string): Error {
  return kind.custom ? errors.methodNotAllowed(groupResource, verb) : errors.genericResponse(405)
}

async function callHandler(handler: SubresourceHandler, request: ResourceRequest, internals: ApiInternals): Promise<void> {
  const { exchange, registry, resource, namespace = '', name } = request
  const { info } = exchange
  if (!handler.verbs.includes(info.verb)) throw notAllowed(resource, info.verb)
  const writes = info.verb === 'create' || info.verb === 'update' || info.verb === 'patch'
  const options =
    writes && info.isResource ? readWriteOptions(exchange, info.verb === 'update' ? 'UpdateOptions' : 'CreateOptions') : undefined
  const context = writeContext(request, options ?? { dryRun: false, fieldManager: exchange.query.get('fieldManager') ?? '', object: {} })
  const attributes = (operation: 'CREATE' | 'UPDATE' | 'CONNECT', object: object, old?: object) =>
    admissionAttributes(
      operation,
      resource.kind,
      namespace || undefined,
      name,
      context,
      object as KubernetesObject,
      old as KubernetesObject,
    )
  const call: SubresourceCall = {
    exchange,
    internals,
    kind: resource.kind,
    namespace,
    name,
    rest: info.rest,
    user: exchange.user,
    verb: info.verb,
    query: exchange.query,
    dryRun: context.dryRun,
    fieldManager: context.fieldManager,
    get signal() {
      return exchange.signal
    },
    body: async <T extends object>(kind: Kind<T & KubernetesObject>) =>
      decodeObject({
        kind,
        bytes: await exchange.request.readBody(bodyLimit),
        format: bodyFormat(exchange),
        fieldValidation: options?.fieldValidation ?? 'Warn',
        warn: context.warn,
      }),
    warn: context.warn,
    admit: (operation, object, old) => registry.admission.admit(attributes(operation, object, old)),
    validate: (operation, object, old) => registry.admission.validate(attributes(operation, object, old)),
  }
  const answer = await handler.handle(call)
  if (answer) answerObject(exchange, answer.status, answer.object, negotiate(exchange, plainOffer))
  else if (!exchange.responder.started) throw errors.internal(`${handler.resource}/${handler.subresource} gave no answer`)
}
