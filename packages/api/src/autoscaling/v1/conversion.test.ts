import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { TypeOf } from '../../declaration/type-of.js'
import { toV1, toV2 } from './conversion.js'

type AutoscalerV2 = TypeOf<'autoscaling.v2.HorizontalPodAutoscaler'>

const scaleTargetRef = { kind: 'Deployment', name: 'd', apiVersion: 'apps/v1' }
const selector = { matchLabels: { a: 'b' } }
const rich: AutoscalerV2 = {
  apiVersion: 'autoscaling/v2',
  kind: 'HorizontalPodAutoscaler',
  metadata: { name: 'x', annotations: { mine: '1' } },
  spec: {
    minReplicas: 1,
    maxReplicas: 5,
    scaleTargetRef,
    metrics: [
      { type: 'Pods', pods: { metric: { name: 'p', selector }, target: { type: 'AverageValue', averageValue: '5' } } },
      { type: 'Object', object: { describedObject: scaleTargetRef, metric: { name: 'o' }, target: { type: 'Value', value: '3' } } },
      { type: 'External', external: { metric: { name: 'e' }, target: { type: 'AverageValue', averageValue: '2' } } },
      { type: 'Resource', resource: { name: 'memory', target: { type: 'AverageValue', averageValue: '1Gi' } } },
      {
        type: 'ContainerResource',
        containerResource: { name: 'cpu', container: 'c', target: { type: 'Utilization', averageUtilization: 7 } },
      },
      { type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 60 } } },
    ],
    behavior: {
      scaleDown: { stabilizationWindowSeconds: 5, selectPolicy: 'Min', policies: [{ type: 'Pods', value: 1, periodSeconds: 10 }] },
    },
  },
  status: {
    currentReplicas: 2,
    desiredReplicas: 3,
    currentMetrics: [
      { type: 'Resource', resource: { name: 'cpu', current: { averageUtilization: 40, averageValue: '100m' } } },
      { type: 'External', external: { metric: { name: 'e' }, current: { value: '0', averageValue: '1' } } },
    ],
    conditions: [{ type: 'AbleToScale', status: 'True', reason: 'R' }],
  },
}

test('what version 1 has fields for is in them, the rest in annotations', () => {
  const first = toV1(rich)
  assert.deepEqual(first.spec, { minReplicas: 1, maxReplicas: 5, scaleTargetRef, targetCPUUtilizationPercentage: 60 })
  assert.deepEqual(first.status, { currentReplicas: 2, desiredReplicas: 3, currentCPUUtilizationPercentage: 40 })
  assert.equal(
    first.metadata.annotations?.['autoscaling.alpha.kubernetes.io/behavior'],
    '{"ScaleUp":null,"ScaleDown":{"StabilizationWindowSeconds":5,"SelectPolicy":"Min","Policies":[{"Type":"Pods","Value":1,"PeriodSeconds":10}],"Tolerance":null}}',
  )
  assert.match(
    first.metadata.annotations?.['autoscaling.alpha.kubernetes.io/metrics'] ?? '',
    /^\[\{"type":"Pods","pods":\{"metricName":"p"/,
  )
})

test('the way there and back changes nothing', () => assert.deepEqual(toV2(toV1(rich)), rich))

test('processor time at eighty percent is aimed at when nothing is said', () => {
  const second = toV2({ metadata: { name: 'x' }, spec: { maxReplicas: 2, scaleTargetRef } })
  assert.deepEqual(second.spec?.metrics, [
    { type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 80 } } },
  ])
})

test('annotations that cannot be read count as absent', () => {
  const annotations = {
    'autoscaling.alpha.kubernetes.io/metrics': '[1]',
    'autoscaling.alpha.kubernetes.io/behavior': '{',
    'autoscaling.alpha.kubernetes.io/conditions': 'null',
  }
  const second = toV2({
    metadata: { name: 'x', annotations },
    spec: { maxReplicas: 2, scaleTargetRef, targetCPUUtilizationPercentage: 50 },
  })
  assert.deepEqual([second.metadata, second.spec?.metrics?.length, second.spec?.behavior], [{ name: 'x' }, 1, undefined])
})
