import assert from 'node:assert/strict'
import { test } from 'node:test'
import { quotaEvaluator, type ResourceQuota, resourceListOf } from '@treeline/api'
import { pod } from '../testing/objects.js'
import { countedResources, usageOf } from './quota-usage.js'

const quota = (hard: Record<string, string>, spec: Partial<NonNullable<ResourceQuota['spec']>> = {}): ResourceQuota => ({
  metadata: {},
  spec: { hard, ...spec },
})
const asking = (name: string, cpu: string, more: Parameters<typeof pod>[1] = {}) =>
  pod(name, { ...more, spec: { containers: [{ name: 'c', image: 'x', resources: { requests: { cpu } } }], ...more?.spec } })

test('which resources count follows from the names of the limits', () => {
  const names = {
    pods: '1',
    'requests.cpu': '1',
    'count/deployments.apps': '1',
    configmaps: '1',
    'count/things.example.com': '1',
    'services.nodeports': '1',
    'x.storageclass.storage.k8s.io/requests.storage': '1',
  }
  assert.deepEqual(
    countedResources(quota(names))
      .map(({ group, resource }) => `${resource}.${group}`)
      .sort(),
    ['configmaps.', 'deployments.apps', 'persistentvolumeclaims.', 'pods.', 'services.', 'things.example.com'],
  )
})

test('what is used is the sum over what is in scope; finished pods use nothing', () => {
  const pods = [
    asking('a', '300m'),
    asking('b', '1'),
    asking('c', '5', { phase: 'Succeeded' }),
    asking('d', '7', { spec: { activeDeadlineSeconds: 5 } }),
  ]
  const evaluator = quotaEvaluator('', 'pods')
  const used = (limits: ResourceQuota) => resourceListOf(usageOf(limits, evaluator, pods, 0))
  assert.deepEqual(used(quota({ pods: '9', 'requests.cpu': '9', secrets: '1' })), { pods: '3', 'requests.cpu': '8300m' })
  assert.deepEqual(used(quota({ pods: '9', cpu: '9' }, { scopes: ['NotTerminating'] })), { pods: '2', cpu: '1300m' })
  assert.deepEqual(resourceListOf(usageOf(quota({ pods: '9' }), evaluator, [], 0)), { pods: '0' })
})
