import { isNotFound, type KubernetesObject } from '@treeline/machinery'
import { answerObject } from '../../http/answer.js'
import { negotiate, objectOffer } from '../../http/negotiation.js'
import { deleteObject } from '../delete-object.js'
import { validateDeleteOptions } from '../delete-options.js'
import { readListOptions } from '../list-options.js'
import { deleteOptionsOf, optionsObject } from './delete.js'
import { listMetadata } from './list.js'
import { type ResourceRequest, writeContext } from './resource-request.js'

/** Deletes every object that a list with the same query would show, and answers with that list. */
export async function deleteCollection(request: ResourceRequest): Promise<void> {
  const { exchange, registry, resource, namespace } = request
  const form = negotiate(exchange, objectOffer)
  const listOptions = readListOptions(exchange, resource, false)
  const options = await deleteOptionsOf(exchange)
  validateDeleteOptions(options)
  const context = writeContext(request, { dryRun: options.dryRun.length > 0, fieldManager: '', object: optionsObject(options) })
  const page = await resource.store.list({ ...listOptions, namespace })
  const deleted: KubernetesObject[] = []
  for (const { object } of page.items) {
    try {
      await deleteObject(registry, resource, object.metadata.namespace, object.metadata.name ?? '', options, context)
    } catch (error) {
      if (!isNotFound(error)) throw error
    }
    const { kind: _kind, apiVersion: _apiVersion, ...item } = object
    deleted.push(resource.kind.custom ? object : item)
  }
  const { listKind } = resource.kind
  answerObject(
    exchange,
    200,
    { kind: listKind, apiVersion: resource.apiVersion, metadata: listMetadata(resource, page, true), items: deleted },
    form,
  )
}
