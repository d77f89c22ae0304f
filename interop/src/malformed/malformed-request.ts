import type { Request } from '../oracle/server.js'
import type { Random } from './random.js'

/** One request with something wrong in it: path, query, body, patch, selector, token, content type or a header. */
export function malformedRequest(random: Random): Request {
  return random.one(forms)(random)
}

const base = '/api/v1/namespaces/default/configmaps'
const text = (random: Random, length = 24): string =>
  Array.from({ length: 1 + random.below(length) }, () => String.fromCharCode(33 + random.below(94))).join('')
const query = (random: Random): string => encodeURIComponent(text(random))

/** Values that no field of an object takes. */
const nonsense = (random: Random): unknown =>
  random.one<() => unknown>([
    () => text(random),
    () => -1,
    () => 1e308,
    () => [[[]]],
    () => ({ __proto__: null, constructor: 1 }),
    () => true,
    () => [{ name: text(random) }, 7],
    () => ({ [text(random)]: nonsense(random) }),
  ])()

const paths: readonly [string, ...string[]] = [
  base,
  '/api/v1/namespaces/default/pods',
  '/apis/apps/v1/namespaces/default/deployments',
  '/api/v1/nodes',
]

const forms: readonly [(random: Random) => Request, ...((random: Random) => Request)[]] = [
  (random) => ({ method: random.one(['GET', 'PUT', 'PATCH', 'DELETE']), path: `/${query(random)}/${query(random)}` }),
  (random) => ({ method: 'GET', path: `/apis/${query(random)}/v1/${query(random)}` }),
  (random) => ({ method: 'GET', path: `${random.one(paths)}/%${random.one(['', '0', 'zz', 'ff', 'C0%80', '00'])}${query(random)}` }),
  (random) => ({ method: 'GET', path: `${base}/..%2f..%2f${query(random)}` }),
  (random) => ({ method: 'GET', path: `${base}?labelSelector=${encodeURIComponent(`a in (${text(random)}`)}` }),
  (random) => ({ method: 'GET', path: `${base}?labelSelector=${encodeURIComponent(`=${text(random)}!!`)}` }),
  (random) => ({ method: 'GET', path: `${base}?fieldSelector=spec.${encodeURIComponent(text(random).replace(/[=,\\]/g, ''))}%3D1` }),
  (random) => ({ method: 'GET', path: `${base}?limit=${random.one(['x', '-', '1e400', '99999999999999999999', '0x1g'])}` }),
  (random) => ({ method: 'GET', path: `${base}?limit=1&continue=${query(random)}` }),
  (random) => ({
    method: 'GET',
    path: `${base}?resourceVersion=${random.one(['x', '-1', '1.5', '1e3', '%00'])}&watch=${random.one(['0', '1'])}`,
  }),
  (random) => ({ method: 'GET', path: `${base}?resourceVersionMatch=${query(random)}&resourceVersion=1` }),
  (random) => ({
    method: 'GET',
    path: base,
    accept: `${random.one(['application/', 'text/', ''])}x-${random.below(99)};as=${text(random, 4).replace(/[^a-z]/g, 'a')}`,
  }),
  (random) => ({ method: 'GET', path: base, headers: { authorization: `Bearer ${text(random)}` } }),
  (random) => ({ method: 'GET', path: base, headers: { authorization: `Bearer eyJhbGciOiJub25lIn0.${text(random)}.` } }),
  (random) => ({ method: 'GET', path: base, headers: { 'impersonate-group': text(random) } }),
  (random) => ({ method: 'POST', path: random.one(paths), body: text(random, 200) }),
  (random) => ({ method: 'POST', path: random.one(paths), body: '['.repeat(1 + random.below(20_000)) }),
  (random) => ({ method: 'POST', path: random.one(paths), body: '{"a":'.repeat(1 + random.below(5_000)) }),
  (random) => ({
    method: 'POST',
    path: random.one(paths),
    body: { metadata: nonsense(random), spec: nonsense(random), data: nonsense(random) },
  }),
  (random) => ({ method: 'POST', path: random.one(paths), body: { metadata: { name: text(random) + '!' } } }),
  () => ({ method: 'POST', path: base, body: { metadata: { name: 'ok' }, data: 7 } }),
  (random) => ({
    method: 'POST',
    path: random.one(paths),
    body: `%${text(random)}`,
    type: random.one(['application/yaml', 'application/cbor', 'text/plain', 'x']),
  }),
  (random) => ({
    method: 'POST',
    path: random.one(paths),
    body: `k8s\u0000${text(random, 400)}`,
    type: 'application/vnd.kubernetes.protobuf',
  }),
  (random) => ({ method: 'POST', path: base, body: `a: &a [*a, ${text(random)}`, type: 'application/yaml' }),
  (random) => ({
    method: 'PATCH',
    path: `${base}/target`,
    type: 'application/json-patch+json',
    body: [{ op: text(random), path: text(random), value: nonsense(random) }],
  }),
  (random) => ({
    method: 'PATCH',
    path: `${base}/target`,
    type: 'application/json-patch+json',
    body: [{ op: 'replace', path: `/nope/${text(random)}`, value: 1 }],
  }),
  (random) => ({ method: 'PATCH', path: `${base}/target`, type: 'application/merge-patch+json', body: { data: [nonsense(random)] } }),
  (random) => ({
    method: 'PATCH',
    path: `${base}/target`,
    type: 'application/strategic-merge-patch+json',
    body: { metadata: { finalizers: nonsense(random), labels: [1] } },
  }),
  (random) => ({
    method: 'PATCH',
    path: `${base}/target?fieldManager=f`,
    type: 'application/apply-patch+yaml',
    body: `${text(random)}: [`,
  }),
  (random) => ({
    method: 'PATCH',
    path: `${base}/target?fieldManager=f`,
    type: 'application/apply-patch+yaml',
    body: { apiVersion: 'v1', kind: text(random), metadata: { name: 'target' } },
  }),
  (random) => ({ method: 'PATCH', path: `${base}/target`, type: text(random, 8).replace(/[^a-z/]/g, 'x'), body: '{}' }),
  (random) => ({ method: 'DELETE', path: `${base}/target`, body: { propagationPolicy: text(random) } }),
  (random) => ({ method: 'DELETE', path: `${base}/target`, body: { preconditions: { uid: text(random) } } }),
  (random) => ({ method: text(random, 6).replace(/[^A-Z]/g, 'X'), path: base }),
  (random) => ({ method: 'PUT', path: `${base}/target`, body: { metadata: { name: text(random) }, data: nonsense(random) } }),
  (random) => ({ method: 'POST', path: `${base}?dryRun=${query(random)}`, body: { metadata: { name: 'dry' } } }),
  (random) => ({ method: 'POST', path: `${base}?fieldValidation=${query(random)}`, body: { metadata: { name: 'dry' } } }),
]
