import { errors, quote } from '@treeline/machinery'
import type { Authorizer } from '../../authorization/authorizer.js'
import type { Exchange } from '../../http/exchange.js'
import { pathSegmentProblem } from '../../http/request-info.js'
import type { Registry } from '../registry.js'
import type { Resource } from '../resource.js'
import type { WriteContext } from '../write-context.js'
import { fieldManagerOf } from '../write-options.js'

/** A request for objects of one resource, and all that serves it. */
export interface ResourceRequest {
  readonly exchange: Exchange
  readonly registry: Registry
  readonly resource: Resource
  /** Undefined for cluster-scoped kinds, and for lists and watches across namespaces. */
  readonly namespace: string | undefined
  /** Empty for collections. */
  readonly name: string
  readonly authorizer: Authorizer
}

/** Answers a request for a resource. */
export type VerbHandler = (request: ResourceRequest) => void | Promise<void>

/** Throws StatusError 400 for a name that cannot be one. */
export function checkPathName(name: string): void {
  const problem = pathSegmentProblem(name)
  if (problem) throw errors.badRequest(`Name parameter invalid: ${quote(name)}: ${problem}`)
}

/** Who writes, and how, from the request. */
export function writeContext(
  { exchange }: ResourceRequest,
  options: { readonly dryRun: boolean; readonly fieldManager: string; readonly object: object },
): WriteContext {
  return {
    user: exchange.user,
    dryRun: options.dryRun,
    fieldManager: fieldManagerOf(exchange, options.fieldManager),
    subresource: exchange.info.subresource,
    options: options.object,
    warn: (text) => exchange.warn(text),
  }
}
