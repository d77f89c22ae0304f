import type { TypeTable } from '../../declaration/type-table.js'

export const metricTypes = {
  ContainerResourceMetricSource: {
    name: ['core.v1.ResourceName!', 1],
    target: ['MetricTarget!', 2],
    container: ['string!', 3],
  },
  ContainerResourceMetricStatus: {
    name: ['core.v1.ResourceName!', 1],
    current: ['MetricValueStatus!', 2],
    container: ['string!', 3],
  },
  CrossVersionObjectReference: {
    kind: ['string!', 1],
    name: ['string!', 2],
    apiVersion: ['string', 3],
  },
  ExternalMetricSource: {
    metric: ['MetricIdentifier!', 1],
    target: ['MetricTarget!', 2],
  },
  ExternalMetricStatus: {
    metric: ['MetricIdentifier!', 1],
    current: ['MetricValueStatus!', 2],
  },
  MetricIdentifier: {
    name: ['string!', 1],
    selector: ['meta.v1.LabelSelector?', 2],
  },
  MetricSpec: {
    type: ['MetricSourceType!', 1],
    object: ['ObjectMetricSource?', 2],
    pods: ['PodsMetricSource?', 3],
    resource: ['ResourceMetricSource?', 4],
    containerResource: ['ContainerResourceMetricSource?', 7],
    external: ['ExternalMetricSource?', 5],
  },
  MetricStatus: {
    type: ['MetricSourceType!', 1],
    object: ['ObjectMetricStatus?', 2],
    pods: ['PodsMetricStatus?', 3],
    resource: ['ResourceMetricStatus?', 4],
    containerResource: ['ContainerResourceMetricStatus?', 7],
    external: ['ExternalMetricStatus?', 5],
  },
  MetricTarget: {
    type: ['MetricTargetType!', 1],
    value: ['Quantity?', 2],
    averageValue: ['Quantity?', 3],
    averageUtilization: ['int32?', 4],
  },
  MetricValueStatus: {
    value: ['Quantity?', 1],
    averageValue: ['Quantity?', 2],
    averageUtilization: ['int32?', 3],
  },
  ObjectMetricSource: {
    describedObject: ['CrossVersionObjectReference!', 1],
    target: ['MetricTarget!', 2],
    metric: ['MetricIdentifier!', 3],
  },
  ObjectMetricStatus: {
    metric: ['MetricIdentifier!', 1],
    current: ['MetricValueStatus!', 2],
    describedObject: ['CrossVersionObjectReference!', 3],
  },
  PodsMetricSource: {
    metric: ['MetricIdentifier!', 1],
    target: ['MetricTarget!', 2],
  },
  PodsMetricStatus: {
    metric: ['MetricIdentifier!', 1],
    current: ['MetricValueStatus!', 2],
  },
  ResourceMetricSource: {
    name: ['core.v1.ResourceName!', 1],
    target: ['MetricTarget!', 2],
  },
  ResourceMetricStatus: {
    name: ['core.v1.ResourceName!', 1],
    current: ['MetricValueStatus!', 2],
  },
  MetricSourceType: ['Object', 'Pods', 'Resource', 'ContainerResource', 'External', '*'],
  MetricTargetType: ['Utilization', 'Value', 'AverageValue', '*'],
} as const satisfies TypeTable
