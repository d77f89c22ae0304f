import type { Kind } from '@treeline/api'
import type { GroupVersionKind } from '@treeline/machinery'
import { Definitions } from './definitions.js'
import { type Operation, operationsOf, tagOf } from './operations.js'
import type { Parameter } from './parameters.js'

const prefix = '#/definitions/'
const objectTypes = ['application/json', 'application/yaml', 'application/vnd.kubernetes.protobuf']

/** The OpenAPI 2 document of everything that is served. */
export function documentV2(kinds: readonly Kind[], find: (gvk: GroupVersionKind) => Kind | undefined): object {
  const definitions = new Definitions(prefix, 2)
  const typeOf = (gvk: GroupVersionKind): string | undefined => {
    const kind = find(gvk)
    return kind && definitions.addKind(kind).type
  }
  const paths: Record<string, Record<string, unknown>> = {}
  for (const kind of kinds) {
    const { type, list } = definitions.addKind(kind)
    for (const operation of operationsOf(kind, type, list, typeOf)) {
      paths[operation.path] ??= {}
      const item = paths[operation.path] ?? {}
      item[operation.method] = operationV2(operation, tagOf(kind.group, kind.version))
      item['parameters'] = operation.pathParameters.map(parameterV2)
    }
  }
  return {
    swagger: '2.0',
    info: { title: 'Kubernetes', version: 'v1.35.0' },
    paths: Object.fromEntries(Object.entries(paths).sort(([a], [b]) => (a < b ? -1 : 1))),
    definitions: definitions.build(),
    securityDefinitions: { BearerToken: { type: 'apiKey', description: 'Bearer token', name: 'authorization', in: 'header' } },
    security: [{ BearerToken: [] }],
  }
}

function operationV2(
  { id, description, parameters, body, bodyTypes = ['*/*'], bodyOptional, answers, action, gvk }: Operation,
  tag: string,
): object {
  const bodyParameter = body
    ? [{ name: 'body', in: 'body', ...(!bodyOptional && { required: true }), schema: { $ref: prefix + body } }]
    : []
  const responses = answers.map(([code, type]) => [
    code,
    { description: code, schema: type === undefined ? { type: 'string' } : { $ref: prefix + type } },
  ])
  return {
    description,
    consumes: bodyTypes,
    produces: objectTypes,
    schemes: ['https'],
    tags: [tag],
    operationId: id,
    ...(bodyParameter.length + parameters.length > 0 && { parameters: [...bodyParameter, ...parameters.map(parameterV2)] }),
    responses: { ...Object.fromEntries(responses), '401': { description: 'Unauthorized' } },
    'x-kubernetes-action': action,
    'x-kubernetes-group-version-kind': { group: gvk.group, kind: gvk.kind, version: gvk.version },
  }
}

function parameterV2({ name, in: place, type, description, required }: Parameter): object {
  return { uniqueItems: true, type, description, name, in: place, ...(required && { required }) }
}
