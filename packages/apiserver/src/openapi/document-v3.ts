import type { Kind } from '@treeline/api'
import type { GroupVersionKind } from '@treeline/machinery'
import { Definitions } from './definitions.js'
import { metaPrefix, type Operation, operationsOf, tagOf } from './operations.js'
import type { Parameter } from './parameters.js'

const prefix = '#/components/schemas/'
const objectTypes = ['application/json', 'application/vnd.kubernetes.protobuf', 'application/yaml']
const streamTypes = [
  'application/json',
  'application/json;stream=watch',
  'application/vnd.kubernetes.protobuf',
  'application/vnd.kubernetes.protobuf;stream=watch',
  'application/yaml',
]

/** The OpenAPI 3 document of a group version. `typeOf` names the types of kinds outside it. */
export function documentV3(
  group: string,
  version: string,
  kinds: readonly Kind[],
  outside: (gvk: GroupVersionKind) => Kind | undefined,
): object {
  const definitions = new Definitions(prefix, 3)
  const typeOf = (gvk: GroupVersionKind): string | undefined => {
    const kind = outside(gvk)
    return kind && definitions.addKind(kind).type
  }
  const paths: Record<string, Record<string, unknown>> = {}
  const root = group === '' ? `/api/${version}/` : `/apis/${group}/${version}/`
  const tag = tagOf(group, version)
  paths[root] = { get: resourceListOperation(tag) }
  for (const kind of kinds) {
    const { type, list } = definitions.addKind(kind)
    for (const operation of operationsOf(kind, type, list, typeOf)) {
      paths[operation.path] ??= {}
      const item = paths[operation.path] ?? {}
      item[operation.method] = operationV3(operation, tag)
      item['parameters'] = operation.pathParameters.map(parameterV3)
    }
  }
  return {
    openapi: '3.0.0',
    info: { title: 'Kubernetes', version: 'v1.35.0' },
    paths: Object.fromEntries(Object.entries(paths).sort(([a], [b]) => (a < b ? -1 : 1))),
    components: {
      schemas: definitions.build(),
      securitySchemes: { BearerToken: { type: 'apiKey', description: 'Bearer token', name: 'authorization', in: 'header' } },
    },
  }
}

function operationV3(operation: Operation, tag: string): object {
  const { id, description, parameters, body, bodyTypes = ['*/*'], bodyOptional, answers, streams, action, gvk } = operation
  return {
    tags: [tag],
    description,
    operationId: id,
    ...(parameters.length > 0 && { parameters: parameters.map(parameterV3) }),
    ...(body && { requestBody: { content: content(bodyTypes, body), ...(!bodyOptional && { required: true }) } }),
    responses: responses(answers, streams),
    'x-kubernetes-action': action,
    'x-kubernetes-group-version-kind': { group: gvk.group, version: gvk.version, kind: gvk.kind },
  }
}

const answerTexts: Readonly<Record<string, string>> = { '200': 'OK', '201': 'Created', '202': 'Accepted' }

function responses(answers: Operation['answers'], streams = false): object {
  const described = answers.map(([code, type]) => [
    code,
    {
      description: answerTexts[code] ?? code,
      content: type === undefined ? { '*/*': { schema: { type: 'string' } } } : content(streams ? streamTypes : objectTypes, type),
    },
  ])
  return { ...Object.fromEntries(described), '401': { description: 'Unauthorized' } }
}

function content(mediaTypes: readonly string[], type: string): object {
  return Object.fromEntries(mediaTypes.map((mediaType) => [mediaType, { schema: { $ref: prefix + type } }]))
}

function parameterV3({ name, in: place, type, description, required }: Parameter): object {
  return { name, in: place, description, ...(required && { required }), schema: { type, uniqueItems: true } }
}

function resourceListOperation(tag: string): object {
  const name = tag
    .split('_')
    .map((part) => part[0]?.toUpperCase() + part.slice(1))
    .join('')
  return {
    tags: [tag],
    description: 'get available resources',
    operationId: `get${name}APIResources`,
    responses: responses([['200', `${metaPrefix}APIResourceList`]]),
  }
}
