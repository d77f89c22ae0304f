import type { Kind } from '@treeline/api'
import {
  errors,
  type FieldError,
  FieldPath,
  type FieldSelector,
  fieldErrors,
  groupVersion,
  type KubernetesObject,
  type LabelSelector,
  parseFieldSelector,
  parseLabelSelector,
} from '@treeline/machinery'
import type { Exchange } from '../http/exchange.js'
import { invalidOptions } from './delete-options.js'
import type { Resource } from './resource.js'
import { resourceVersionProblem } from './resource-version.js'
import { readInteger } from './write-options.js'

/** What the query of a list, watch or deletecollection asks for. */
export interface ListOptions {
  readonly labelSelector?: LabelSelector
  readonly fieldSelector?: FieldSelector
  readonly limit?: number
  readonly continueToken?: string
  readonly resourceVersion?: string
  readonly resourceVersionMatch?: 'Exact' | 'NotOlderThan'
  readonly sendInitialEvents?: boolean
  readonly allowBookmarks: boolean
  readonly timeoutSeconds?: number
}

const noOptions: ListOptions = { allowBookmarks: false }

/** Reads and checks them. Throws StatusError 400 and 422. */
export function readListOptions<T extends KubernetesObject>(exchange: Exchange, resource: Resource<T>, watch: boolean): ListOptions {
  if (exchange.info.query === '') return noOptions
  const { query } = exchange
  const options: ListOptions = {
    labelSelector: selector(query.get('labelSelector'), parseLabelSelector),
    fieldSelector: readFieldSelector(query.get('fieldSelector'), resource),
    limit: positive(readInteger(query, 'limit')),
    continueToken: query.get('continue') || undefined,
    resourceVersion: query.get('resourceVersion') || undefined,
    resourceVersionMatch: (query.get('resourceVersionMatch') || undefined) as ListOptions['resourceVersionMatch'],
    sendInitialEvents: readBoolean(query.get('sendInitialEvents')),
    allowBookmarks: readBoolean(query.get('allowWatchBookmarks')) === true,
    timeoutSeconds: readInteger(query, 'timeoutSeconds'),
  }
  const found = watch ? validateWatch(options) : validateList(options)
  if (found.length > 0) throw invalidOptions('ListOptions', found)
  checkResourceVersion(options, watch)
  return options
}

function selector<S extends { readonly empty: boolean }>(text: string | null, parse: (text: string) => S): S | undefined {
  if (text === null || text === '') return undefined
  const parsed = parse(text)
  return parsed.empty ? undefined : parsed
}

const commonFields = ['metadata.name', 'metadata.namespace']

function readFieldSelector<T extends KubernetesObject>(text: string | null, resource: Resource<T>): FieldSelector | undefined {
  const parsed = selector(text, parseFieldSelector)
  if (!parsed) return undefined
  const known = resource.kind.selectableFields
  for (const { field } of parsed.requirements) {
    if (commonFields.includes(field) || Object.hasOwn(known, field)) continue
    throw errors.badRequest(unknownFieldText(resource.kind as unknown as Kind, field))
  }
  return parsed
}

/** Kinds with fields of their own say so in one of several sentences. */
function unknownFieldText({ group, version, kind, selectableFields, custom }: Kind, field: string): string {
  if (group === 'resource.k8s.io') return `field label not supported for ${groupVersion(group, version)}, Kind=${kind}: ${field}`
  if (custom || Object.keys(selectableFields).length > 0) return `field label not supported: ${field}`
  return `${JSON.stringify(field)} is not a known field selector: only "metadata.name", "metadata.namespace"`
}

function positive(limit: number | undefined): number | undefined {
  return limit !== undefined && limit > 0 ? limit : undefined
}

function readBoolean(text: string | null): boolean | undefined {
  if (text === null) return undefined
  return text !== '0' && text.toLowerCase() !== 'false'
}

const matches = ['Exact', 'NotOlderThan']
const matchPath = FieldPath.root('resourceVersionMatch')
const initialEventsPath = FieldPath.root('sendInitialEvents')

function validateList(options: ListOptions): FieldError[] {
  const { resourceVersionMatch: match, resourceVersion = '', continueToken, sendInitialEvents } = options
  const found: FieldError[] = []
  if (sendInitialEvents !== undefined) found.push(fieldErrors.forbidden(initialEventsPath, 'sendInitialEvents is forbidden for list'))
  if (match === undefined) return found
  if (resourceVersion === '')
    found.push(fieldErrors.forbidden(matchPath, 'resourceVersionMatch is forbidden unless resourceVersion is provided'))
  if (continueToken !== undefined)
    found.push(fieldErrors.forbidden(matchPath, 'resourceVersionMatch is forbidden when continue is provided'))
  if (!matches.includes(match)) found.push(fieldErrors.notSupported(matchPath, match, ['Exact', 'NotOlderThan', '']))
  if (match === 'Exact' && resourceVersion === '0') {
    found.push(fieldErrors.forbidden(matchPath, 'resourceVersionMatch "Exact" is forbidden for resourceVersion "0"'))
  }
  return found
}

function validateWatch(options: ListOptions): FieldError[] {
  const { resourceVersionMatch: match, continueToken, sendInitialEvents } = options
  const found: FieldError[] = []
  if (sendInitialEvents !== undefined && match !== 'NotOlderThan') {
    found.push(fieldErrors.forbidden(matchPath, 'sendInitialEvents requires setting resourceVersionMatch to NotOlderThan'))
  }
  if (match !== undefined) {
    if (sendInitialEvents === undefined) {
      found.push(fieldErrors.forbidden(matchPath, 'resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided'))
    }
    if (match !== 'NotOlderThan') found.push(fieldErrors.notSupported(matchPath, match, ['NotOlderThan']))
  }
  if (continueToken !== undefined)
    found.push(fieldErrors.forbidden(matchPath, 'resourceVersionMatch is forbidden when continue is provided'))
  return found
}

function checkResourceVersion({ resourceVersion = '0' }: ListOptions, watch: boolean): void {
  const problem = resourceVersionProblem(resourceVersion)
  if (problem === undefined) return
  throw watch ? errors.untyped(problem) : errors.badRequest(`invalid resource version: ${problem}`)
}
