import { DecodeError, decodeJson, decodeYaml, errors, isObject, type KubernetesObject } from '@treeline/machinery'
import { answerEncoded, answerObject } from '../../http/answer.js'
import { bodyLimit } from '../../http/body.js'
import type { Exchange } from '../../http/exchange.js'
import { bodyFormat, negotiate, objectOffer } from '../../http/negotiation.js'
import { answerAs } from '../answer-as.js'
import { decodeProtobufOptions } from '../decode-protobuf.js'
import { deleteObject } from '../delete-object.js'
import { type DeleteOptions, readDeleteOptions, validateDeleteOptions } from '../delete-options.js'
import type { Resource } from '../resource.js'
import { readInteger } from '../write-options.js'
import { type ResourceRequest, writeContext } from './resource-request.js'

/** Deletes an object, or begins to. */
export async function deleteOne(request: ResourceRequest): Promise<void> {
  const { exchange, registry, resource, namespace, name } = request
  const form = negotiate(exchange, objectOffer)
  const options = await deleteOptionsOf(exchange)
  validateDeleteOptions(options)
  warnOfOrphans(exchange, resource, options)
  const context = writeContext(request, { dryRun: options.dryRun.length > 0, fieldManager: '', object: optionsObject(options) })
  const { stored, removed } = await deleteObject(registry, resource, namespace, name, options, context)
  const status = !removed && options.orphanDependents === false ? 202 : 200
  if (removed && !resource.kind.strategy.returnDeletedObject) answerObject(exchange, status, deletedStatus(resource, stored.object), form)
  else if (form.as) answerObject(exchange, status, answerAs(exchange, resource, form, stored.object), form)
  else answerEncoded(exchange, status, stored.bytes, form)
}

function deletedStatus(resource: Resource, { metadata }: KubernetesObject): object {
  const { group, plural } = resource.kind
  return {
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Success',
    details: { name: metadata.name, ...(group !== '' && { group }), kind: plural, uid: metadata.uid },
  }
}

/** DeleteOptions of the body or, when that is empty, of the query. Throws StatusError 400 and 415. */
export async function deleteOptionsOf(exchange: Exchange): Promise<DeleteOptions> {
  const bytes = await exchange.request.readBody(bodyLimit)
  if (bytes.length === 0) return optionsOfQuery(exchange)
  const format = bodyFormat(exchange)
  let value: unknown
  try {
    value = format === 'protobuf' ? decodeProtobufOptions(bytes) : (format === 'yaml' ? decodeYaml(bytes) : decodeJson(bytes)).value
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error
    throw errors.badRequest(`couldn't get version/kind; json parse error: ${error.message}`)
  }
  if (isObject(value) && value['kind'] !== undefined && value['kind'] !== 'DeleteOptions') {
    throw errors.badRequest(`decoded object cannot be converted to DeleteOptions`)
  }
  return readDeleteOptions(value)
}

function optionsOfQuery(exchange: Exchange): DeleteOptions {
  if (exchange.info.query === '') return { dryRun: [] }
  const { query } = exchange
  const orphan = query.get('orphanDependents')
  return {
    gracePeriodSeconds: readInteger(query, 'gracePeriodSeconds'),
    propagationPolicy: query.get('propagationPolicy') ?? undefined,
    orphanDependents: orphan === null ? undefined : orphan !== 'false' && orphan !== '0',
    dryRun: query.getAll('dryRun'),
  }
}

export function optionsObject(options: DeleteOptions): object {
  return { kind: 'DeleteOptions', apiVersion: 'meta.k8s.io/v1', ...options }
}

const orphanWarning =
  'child pods are preserved by default when jobs are deleted; set propagationPolicy=Background to remove them or set propagationPolicy=Orphan to suppress this warning'

function warnOfOrphans(exchange: Exchange, { kind }: Resource, options: DeleteOptions): void {
  if (kind.group !== 'batch' || kind.plural !== 'jobs') return
  if (options.orphanDependents === undefined && options.propagationPolicy === undefined) exchange.warn(orphanWarning)
}
