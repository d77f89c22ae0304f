import assert from 'node:assert/strict'
import { test } from 'node:test'
import { levelVersionText, policyOf } from './policy.js'

const text = (labels?: Record<string, string>) => {
  const named = labels && Object.fromEntries(Object.entries(labels).map(([name, value]) => [`pod-security.kubernetes.io/${name}`, value]))
  const { policy, problems } = policyOf(named)
  return `${[policy.enforce, policy.audit, policy.warn].map(levelVersionText).join(' ')} ${problems.length}`
}

test('labels make a policy', () => {
  const nothing = 'privileged:latest privileged:latest privileged:latest 0'
  for (const [labels, expected] of [
    [undefined, nothing],
    [{}, nothing],
    [{ enforce: 'baseline' }, 'baseline:latest privileged:latest baseline:latest 0'],
    [{ enforce: 'baseline', 'enforce-version': 'v1.9' }, 'baseline:v1.9 privileged:latest baseline:v1.9 0'],
    [{ enforce: 'restricted', warn: 'baseline' }, 'restricted:latest privileged:latest baseline:latest 0'],
    [{ enforce: 'baseline', 'warn-version': 'v1.2' }, 'baseline:latest privileged:latest baseline:v1.2 0'],
    [{ audit: 'restricted', 'audit-version': 'v1.0' }, 'privileged:latest restricted:v1.0 privileged:latest 0'],
    [{ enforce: 'x', 'enforce-version': 'v1.09' }, 'restricted:latest privileged:latest privileged:latest 2'],
    [{ audit: 'x', warn: '' }, 'privileged:latest privileged:latest privileged:latest 2'],
  ] as const) {
    assert.equal(text(labels), expected, JSON.stringify(labels))
  }
})
