import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { errors } from './errors.js'
import { fieldErrors } from './field-error.js'
import { FieldPath } from './field-path.js'
import type { Status } from './status.js'
import { isConflict, isExpired, isNotFound, isStatusError, StatusError, statusCauseOf } from './status-error.js'

const configMaps = { group: '', resource: 'configmaps' }
const deployments = { group: 'apps', resource: 'deployments' }

const table: readonly (readonly [name: string, error: StatusError, expected: Partial<Status>])[] = [
  [
    'not found',
    errors.notFound(configMaps, 'x'),
    { code: 404, reason: 'NotFound', message: 'configmaps "x" not found', details: { name: 'x', kind: 'configmaps' } },
  ],
  [
    'not found in a group',
    errors.notFound(deployments, 'x'),
    {
      code: 404,
      reason: 'NotFound',
      message: 'deployments.apps "x" not found',
      details: { name: 'x', group: 'apps', kind: 'deployments' },
    },
  ],
  [
    'already exists',
    errors.alreadyExists(configMaps, 'x'),
    { code: 409, reason: 'AlreadyExists', message: 'configmaps "x" already exists', details: { name: 'x', kind: 'configmaps' } },
  ],
  [
    'generated names exhausted',
    errors.generateNameConflict(configMaps, 'x-abcde'),
    {
      code: 409,
      reason: 'AlreadyExists',
      message: 'configmaps "x-abcde" already exists, the server was not able to generate a unique name for the object',
      details: { name: 'x-abcde', kind: 'configmaps', retryAfterSeconds: 1 },
    },
  ],
  [
    'conflict',
    errors.conflict(configMaps, 'x'),
    {
      code: 409,
      reason: 'Conflict',
      message:
        'Operation cannot be fulfilled on configmaps "x": the object has been modified; please apply your changes to the latest version and try again',
      details: { name: 'x', kind: 'configmaps' },
    },
  ],
  [
    'forbidden',
    errors.forbidden(configMaps, 'x', 'no'),
    { code: 403, reason: 'Forbidden', message: 'configmaps "x" is forbidden: no', details: { name: 'x', kind: 'configmaps' } },
  ],
  [
    'forbidden for all',
    errors.forbidden({ group: '', resource: 'pods' }, '', 'no'),
    { code: 403, reason: 'Forbidden', message: 'pods is forbidden: no', details: { kind: 'pods' } },
  ],
  [
    'forbidden path',
    errors.forbidden({ group: '', resource: '' }, '', 'no'),
    { code: 403, reason: 'Forbidden', message: 'forbidden: no', details: {} },
  ],
  ['unauthorized', errors.unauthorized(), { code: 401, reason: 'Unauthorized', message: 'Unauthorized' }],
  ['bad request', errors.badRequest('no'), { code: 400, reason: 'BadRequest', message: 'no' }],
  [
    'method',
    errors.methodNotAllowed(deployments, 'create'),
    {
      code: 405,
      reason: 'MethodNotAllowed',
      message: 'create is not supported on resources of kind "deployments.apps"',
      details: { group: 'apps', kind: 'deployments' },
    },
  ],
  [
    'too many',
    errors.tooManyRequests('later', 2),
    { code: 429, reason: 'TooManyRequests', message: 'later', details: { retryAfterSeconds: 2 } },
  ],
  [
    'too large',
    errors.requestEntityTooLarge('limit is 3145728'),
    { code: 413, reason: 'RequestEntityTooLarge', message: 'Request entity too large: limit is 3145728' },
  ],
  [
    'timeout',
    errors.timeout('request did not complete'),
    { code: 504, reason: 'Timeout', message: 'Timeout: request did not complete', details: {} },
  ],
  [
    'future version',
    errors.resourceVersionTooLarge(99999, 681),
    {
      code: 504,
      reason: 'Timeout',
      message: 'Timeout: Too large resource version: 99999, current: 681',
      details: { causes: [{ reason: 'ResourceVersionTooLarge', message: 'Too large resource version' }], retryAfterSeconds: 1 },
    },
  ],
  [
    'internal',
    errors.internal('boom'),
    { code: 500, reason: 'InternalError', message: 'Internal error occurred: boom', details: { causes: [{ message: 'boom' }] } },
  ],
  ['untyped', errors.untyped('boom'), { code: 500, message: 'boom' }],
  ['expired', errors.expired('old'), { code: 410, reason: 'Expired', message: 'old' }],
  [
    'generic 422',
    errors.genericResponse(422),
    { code: 422, reason: 'Invalid', message: 'the server rejected our request due to an error in our request', details: {} },
  ],
  [
    'generic with a subject',
    errors.genericResponse(404, { verb: 'GET', resource: deployments, name: 'x', serverMessage: 'nope', unexpected: true }),
    {
      code: 404,
      reason: 'NotFound',
      message: 'the server could not find the requested resource (get deployments.apps x)',
      details: { name: 'x', group: 'apps', kind: 'deployments', causes: [{ reason: 'UnexpectedServerResponse', message: 'nope' }] },
    },
  ],
  [
    'generic 5xx',
    errors.genericResponse(502, { serverMessage: 'a "b"' }),
    {
      code: 502,
      reason: 'InternalError',
      message: 'an error on the server ("a \\"b\\"") has prevented the request from succeeding',
      details: {},
    },
  ],
]

describe('errors', () => {
  for (const [name, error, expected] of table) {
    test(name, () => {
      assert.deepEqual(error.status, { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', ...expected })
      assert.equal(error.code, expected.code)
      assert.equal(error.reason, expected.reason ?? '')
      assert.equal(error.message, expected.message)
    })
  }

  test('keys of a Status stand in the order of the wire', () => {
    assert.equal(
      JSON.stringify(errors.notFound(deployments, 'x').status),
      '{"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure","message":"deployments.apps \\"x\\" not found","reason":"NotFound","details":{"name":"x","group":"apps","kind":"deployments"},"code":404}',
    )
  })

  test('one invalid field stands alone, several stand in brackets, equal ones once', () => {
    const name = fieldErrors.required(FieldPath.root('metadata', 'name'), 'name or generateName is required')
    const data = fieldErrors.forbidden('data', 'field is immutable when `immutable` is set')
    const kind = { group: '', kind: 'ConfigMap' }
    assert.equal(
      errors.invalid(kind, 'x', [name]).message,
      'ConfigMap "x" is invalid: metadata.name: Required value: name or generateName is required',
    )
    const both = errors.invalid(kind, 'x', [name, data, name])
    assert.equal(
      both.message,
      'ConfigMap "x" is invalid: [metadata.name: Required value: name or generateName is required, data: Forbidden: field is immutable when `immutable` is set]',
    )
    assert.deepEqual(both.details?.causes?.[1], {
      reason: 'FieldValueForbidden',
      message: 'Forbidden: field is immutable when `immutable` is set',
      field: 'data',
    })
    assert.equal(both.details?.causes?.length, 3)
    assert.equal(errors.invalid({ group: 'apps', kind: 'Deployment' }, 'x', []).message, 'Deployment.apps "x" is invalid')
  })

  test('a Status becomes the error again', () => {
    const original = errors.resourceVersionTooLarge(2, 1)
    const copy = errors.fromStatus(JSON.parse(JSON.stringify(original.status)))
    assert.deepEqual(copy.status, original.status)
    assert.equal(statusCauseOf(copy, 'ResourceVersionTooLarge')?.message, 'Too large resource version')
    assert.equal(statusCauseOf(copy, 'Other'), undefined)
  })

  test('predicates narrow', () => {
    assert.ok(isNotFound(errors.notFound(configMaps, 'x')))
    assert.ok(isConflict(errors.applyConflict([], 'm')))
    assert.ok(isExpired(errors.expired('x')))
    assert.ok(!isNotFound(new Error('x')))
    assert.ok(isStatusError(errors.untyped('x')))
    assert.ok(!isStatusError(errors.untyped('x'), 'NotFound'))
    assert.ok(errors.untyped('x') instanceof StatusError)
  })
})
