import type { Kind, Subresource } from '@treeline/api'
import type { GroupVersionKind } from '@treeline/machinery'
import {
  createParameters,
  deleteCollectionParameters,
  deleteParameters,
  listParameters,
  nameParameter,
  namespaceParameter,
  type Parameter,
  patchParameters,
  pretty,
  updateParameters,
} from './parameters.js'

/** One operation on one path, described for both versions of OpenAPI. Types are definition names. */
export interface Operation {
  readonly path: string
  readonly method: 'get' | 'post' | 'put' | 'patch' | 'delete'
  readonly id: string
  readonly action: string
  readonly description: string
  readonly gvk: GroupVersionKind
  /** Parameters of the operation itself. */
  readonly parameters: readonly Parameter[]
  /** Parameters of every operation of the path. */
  readonly pathParameters: readonly Parameter[]
  readonly body?: string
  readonly bodyTypes?: readonly string[]
  readonly bodyOptional?: boolean
  /** Status codes of success with the type they answer; undefined: anything. */
  readonly answers: readonly (readonly [code: string, type: string | undefined])[]
  /** The answer may be a stream of events. */
  readonly streams?: boolean
}

export const metaPrefix = 'io.k8s.apimachinery.pkg.apis.meta.v1.'
const statusType = `${metaPrefix}Status`
const deleteOptionsType = `${metaPrefix}DeleteOptions`
const patchType = `${metaPrefix}Patch`
const watchEventType = `${metaPrefix}WatchEvent`

const patchMediaTypes = [
  'application/apply-patch+yaml',
  'application/json-patch+json',
  'application/merge-patch+json',
  'application/strategic-merge-patch+json',
]

/** Every operation that a kind serves. */
export function operationsOf(
  kind: Kind,
  typeName: string,
  listTypeName: string,
  typeOf: (gvk: GroupVersionKind) => string | undefined,
): Operation[] {
  const root = kind.group === '' ? `/api/${kind.version}` : `/apis/${kind.group}/${kind.version}`
  const namespaced = kind.scope === 'Namespaced'
  const scope = namespaced ? 'Namespaced' : ''
  const prefix = pascal(kind.group === '' ? 'core' : (kind.group.split('.')[0] ?? '')) + pascal(kind.version)
  const collection = `${root}${namespaced ? '/namespaces/{namespace}' : ''}/${kind.plural}`
  const object = `${collection}/{name}`
  const scopeParameters = namespaced ? [namespaceParameter] : []
  const onCollection = [...scopeParameters, pretty]
  const onObject = [nameParameter(kind.kind), ...scopeParameters, pretty]
  const name = kind.kind
  const id = (verb: string, suffix = '') => `${verb}${prefix}${scope}${name}${suffix}`
  const base = { gvk: { group: kind.group, version: kind.version, kind: kind.kind } }
  const operations: Operation[] = []
  const has = (verb: string) => (kind.verbs as readonly string[]).includes(verb)
  if (has('list')) {
    const list = {
      ...base,
      method: 'get',
      action: 'list',
      description: `list or watch objects of kind ${name}`,
      answers: [['200', listTypeName]],
    } as const
    operations.push({
      ...list,
      path: collection,
      id: id('list'),
      parameters: listParameters,
      pathParameters: onCollection,
      streams: has('watch'),
    })
    if (namespaced) {
      operations.push({
        ...list,
        path: `${root}/${kind.plural}`,
        id: `list${prefix}${name}ForAllNamespaces`,
        parameters: [],
        pathParameters: [...listParameters, pretty],
        streams: has('watch'),
      })
    }
  }
  if (has('create')) {
    operations.push({
      ...base,
      path: collection,
      method: 'post',
      action: 'post',
      id: id('create'),
      description: `create ${article(name)} ${name}`,
      parameters: createParameters,
      pathParameters: onCollection,
      body: typeName,
      answers: [
        ['200', typeName],
        ['201', typeName],
        ['202', typeName],
      ],
    })
  }
  if (has('deletecollection')) {
    operations.push({
      ...base,
      path: collection,
      method: 'delete',
      action: 'deletecollection',
      id: `delete${prefix}Collection${scope}${name}`,
      description: `delete collection of ${name}`,
      parameters: deleteCollectionParameters,
      pathParameters: onCollection,
      body: deleteOptionsType,
      bodyOptional: true,
      answers: [['200', statusType]],
    })
  }
  if (has('get')) {
    operations.push({
      ...base,
      path: object,
      method: 'get',
      action: 'get',
      id: id('read'),
      description: `read the specified ${name}`,
      parameters: [],
      pathParameters: onObject,
      answers: [['200', typeName]],
    })
  }
  if (has('update')) operations.push(replacing(base, object, onObject, id('replace'), `replace the specified ${name}`, typeName))
  if (has('delete')) {
    operations.push({
      ...base,
      path: object,
      method: 'delete',
      action: 'delete',
      id: id('delete'),
      description: `delete ${article(name)} ${name}`,
      parameters: deleteParameters,
      pathParameters: onObject,
      body: deleteOptionsType,
      bodyOptional: true,
      answers: [
        ['200', statusType],
        ['202', statusType],
      ],
    })
  }
  if (has('patch')) operations.push(patching(base, kind, object, onObject, id('patch'), `partially update the specified ${name}`, typeName))
  if (has('watch')) operations.push(...watching(base, kind, root, prefix, scope))
  for (const subresource of kind.subresources) {
    operations.push(...subresourceOperations(kind, subresource, typeName, typeOf, object, onObject, id))
  }
  return operations
}

type Base = Pick<Operation, 'gvk'>

function replacing(
  base: Base,
  path: string,
  pathParameters: readonly Parameter[],
  id: string,
  description: string,
  type: string,
): Operation {
  return {
    ...base,
    path,
    method: 'put',
    action: 'put',
    id,
    description,
    parameters: updateParameters,
    pathParameters,
    body: type,
    answers: [
      ['200', type],
      ['201', type],
    ],
  }
}

function patching(
  base: Base,
  kind: Kind,
  path: string,
  pathParameters: readonly Parameter[],
  id: string,
  description: string,
  type: string,
): Operation {
  return {
    ...base,
    path,
    method: 'patch',
    action: 'patch',
    id,
    description,
    parameters: patchParameters,
    pathParameters,
    body: patchType,
    bodyTypes: kind.custom ? patchMediaTypes.filter((media) => !media.includes('strategic')) : patchMediaTypes,
    answers: kind.custom
      ? [['200', type]]
      : [
          ['200', type],
          ['201', type],
        ],
  }
}

/** The deprecated paths with `/watch/`. Custom resources have none. */
function watching(base: Base, kind: Kind, root: string, prefix: string, scope: string): Operation[] {
  if (kind.custom) return []
  const hint = "deprecated: use the 'watch' parameter with a list operation instead"
  const watch = { ...base, method: 'get', parameters: [], answers: [['200', watchEventType]], streams: true } as const
  const namespace = scope === '' ? '' : '/namespaces/{namespace}'
  const scoped = scope === '' ? [] : [namespaceParameter]
  const list = { ...watch, action: 'watchlist', description: `watch individual changes to a list of ${kind.kind}. ${hint}` }
  const operations: Operation[] = [
    {
      ...list,
      path: `${root}/watch${namespace}/${kind.plural}`,
      id: `watch${prefix}${scope}${kind.kind}List`,
      pathParameters: [...listParameters, ...scoped, pretty],
    },
    {
      ...watch,
      action: 'watch',
      description: `watch changes to an object of kind ${kind.kind}. ${hint}, filtered to a single item with the 'fieldSelector' parameter.`,
      path: `${root}/watch${namespace}/${kind.plural}/{name}`,
      id: `watch${prefix}${scope}${kind.kind}`,
      pathParameters: [...listParameters, nameParameter(kind.kind), ...scoped, pretty],
    },
  ]
  if (scope !== '') {
    operations.push({
      ...list,
      path: `${root}/watch/${kind.plural}`,
      id: `watch${prefix}${kind.kind}ListForAllNamespaces`,
      pathParameters: [...listParameters, pretty],
    })
  }
  return operations
}

const methodOfVerb: Readonly<Record<string, Operation['method']>> = {
  get: 'get',
  create: 'post',
  update: 'put',
  patch: 'patch',
  delete: 'delete',
}

function subresourceOperations(
  kind: Kind,
  subresource: Subresource,
  parentType: string,
  typeOf: (gvk: GroupVersionKind) => string | undefined,
  object: string,
  onObject: readonly Parameter[],
  id: (verb: string, suffix?: string) => string,
): Operation[] {
  const { name, verbs, gvk = kind } = subresource
  const { group, version } = gvk
  const base: Base = { gvk: { group, version, kind: gvk.kind } }
  const type = subresource.gvk ? typeOf(subresource.gvk) : parentType
  const suffix = pascal(name)
  const path = `${object}/${name}`
  const connects = gvk.kind.endsWith('Options')
  return verbs.flatMap((verb): Operation[] => {
    const method = methodOfVerb[verb]
    if (!method) return []
    if (connects || type === undefined) {
      const description = `connect ${method.toUpperCase()} requests to ${name} of ${kind.kind}`
      const connectId = id(`connect${pascal(method)}`, suffix)
      return [
        {
          ...base,
          path,
          method,
          action: 'connect',
          id: connectId,
          description,
          parameters: [],
          pathParameters: onObject,
          answers: [['200', undefined]],
        },
      ]
    }
    const of = `${name} of the specified ${kind.kind}`
    if (verb === 'update') return [replacing(base, path, onObject, id('replace', suffix), `replace ${of}`, type)]
    if (verb === 'patch') return [patching(base, kind, path, onObject, id('patch', suffix), `partially update ${of}`, type)]
    if (verb === 'get') {
      return [
        {
          ...base,
          path,
          method,
          action: 'get',
          id: id('read', suffix),
          description: `read ${of}`,
          parameters: [],
          pathParameters: onObject,
          answers: [['200', type]],
        },
      ]
    }
    return [
      {
        ...base,
        path,
        method,
        action: 'post',
        id: id('create', suffix),
        description: `create ${name} of ${article(kind.kind)} ${kind.kind}`,
        parameters: createParameters,
        pathParameters: onObject,
        body: type,
        answers: [
          ['200', type],
          ['201', type],
          ['202', type],
        ],
      },
    ]
  })
}

function pascal(text: string): string {
  return text === '' ? '' : (text[0] ?? '').toUpperCase() + text.slice(1)
}

function article(name: string): string {
  return /^[AEIOU]/.test(name) ? 'an' : 'a'
}

/** Tag of a group version, such as `apps_v1`. */
export function tagOf(group: string, version: string): string {
  return `${group === '' ? 'core' : (group.split('.')[0] ?? '')}_${version}`
}
