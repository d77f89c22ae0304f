import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { PolicyRule } from '@treeline/api'
import type { AuthorizationAttributes } from './authorizer.js'
import { ruleAllows } from './policy-rule.js'
import { compactRules, ruleText, uncoveredRules } from './rule-coverage.js'

const user = { name: 'u', groups: [] }
/** `verb group/resource/subresource name` or `verb /path`. */
const ask = (text: string): AuthorizationAttributes => {
  const [verb = '', what = '', name] = text.split(' ')
  if (what.startsWith('/')) return { user, verb, path: what }
  const [group, resource, subresource] = what.split(':')
  return { user, verb, group, resource, subresource, name }
}

const cases: { rule: PolicyRule; allows: string[]; not: string[] }[] = [
  {
    rule: { verbs: ['get', 'list'], apiGroups: [''], resources: ['pods'] },
    allows: ['get :pods', 'list :pods', 'get :pods: name'],
    not: ['watch :pods', 'get :pods:log', 'get apps:pods', 'get :nodes', 'get /pods'],
  },
  {
    rule: { verbs: ['*'], apiGroups: ['*'], resources: ['*'] },
    allows: ['get :pods', 'delete apps:deployments:scale x', 'impersonate :users bob'],
    not: ['get /healthz'],
  },
  {
    rule: { verbs: ['update'], apiGroups: ['apps'], resources: ['*/scale', 'deployments/status'] },
    allows: ['update apps:deployments:scale', 'update apps:x:scale', 'update apps:deployments:status'],
    not: ['update apps:deployments', 'update apps:replicasets:status', 'update apps:scale'],
  },
  {
    rule: { verbs: ['get', 'create', 'list', 'deletecollection'], apiGroups: [''], resources: ['configmaps'], resourceNames: ['a', 'b'] },
    allows: ['get :configmaps: a', 'list :configmaps: b'],
    not: ['get :configmaps: c', 'create :configmaps', 'list :configmaps', 'deletecollection :configmaps'],
  },
  {
    rule: { verbs: ['get'], nonResourceURLs: ['/healthz', '/healthz/*', '/api*'] },
    allows: ['get /healthz', 'get /healthz/etcd', 'get /healthz/', 'get /apis/apps'],
    not: ['post /healthz', 'get /healthzz', 'get /metrics', 'get :pods'],
  },
  { rule: { verbs: ['*'], nonResourceURLs: ['*'] }, allows: ['get /', 'put /metrics'], not: ['get :pods'] },
]

for (const { rule, allows, not } of cases) {
  test(`${ruleText(rule)} allows what it says and no more`, () => {
    for (const text of allows) assert.equal(ruleAllows(rule, ask(text)), true, text)
    for (const text of not) assert.equal(ruleAllows(rule, ask(text)), false, text)
  })
}

const pods = (...verbs: string[]): PolicyRule => ({ verbs, apiGroups: [''], resources: ['pods'] })

const coverage: { held: PolicyRule[]; wanted: PolicyRule; missing: string[] }[] = [
  { held: [pods('get'), pods('list')], wanted: pods('get', 'list'), missing: [] },
  { held: [pods('get')], wanted: pods('get', 'list', 'watch'), missing: ['{APIGroups:[""], Resources:["pods"], Verbs:["list" "watch"]}'] },
  {
    held: [],
    wanted: { ...pods('get'), apiGroups: ['', 'apps'] },
    missing: ['{APIGroups:[""], Resources:["pods"], Verbs:["get"]}', '{APIGroups:["apps"], Resources:["pods"], Verbs:["get"]}'],
  },
  {
    held: [{ verbs: ['*'], apiGroups: ['*'], resources: ['*'] }],
    wanted: { verbs: ['*'], apiGroups: ['*'], resources: ['*'] },
    missing: [],
  },
  { held: [pods('get')], wanted: pods('*'), missing: ['{APIGroups:[""], Resources:["pods"], Verbs:["*"]}'] },
  { held: [pods('get')], wanted: { ...pods('get'), resourceNames: ['a'] }, missing: [] },
  {
    held: [{ ...pods('get'), resourceNames: ['a'] }],
    wanted: { ...pods('get'), resourceNames: ['a', 'b'] },
    missing: ['{APIGroups:[""], Resources:["pods"], ResourceNames:["b"], Verbs:["get"]}'],
  },
  {
    held: [{ ...pods('get'), resourceNames: ['a'] }],
    wanted: pods('get'),
    missing: ['{APIGroups:[""], Resources:["pods"], Verbs:["get"]}'],
  },
  {
    held: [{ verbs: ['get'], apiGroups: ['apps'], resources: ['*/scale'] }],
    wanted: { verbs: ['get'], apiGroups: ['apps'], resources: ['deployments/scale'] },
    missing: [],
  },
  {
    held: [{ verbs: ['get'], nonResourceURLs: ['/api/*'] }],
    wanted: { verbs: ['get'], nonResourceURLs: ['/api/v1', '/apis'] },
    missing: ['{NonResourceURLs:["/apis"], Verbs:["get"]}'],
  },
  {
    held: [{ verbs: ['get'], nonResourceURLs: ['*'] }],
    wanted: pods('get'),
    missing: ['{APIGroups:[""], Resources:["pods"], Verbs:["get"]}'],
  },
]

for (const { held, wanted, missing } of coverage) {
  test(`[${held.map(ruleText).join(' ')}] against ${ruleText(wanted)} lacks [${missing.join(' ')}]`, () => {
    assert.deepEqual(compactRules(uncoveredRules(held, [wanted])).map(ruleText), missing)
  })
}
