import type { TypeTable } from '../../declaration/type-table.js'

export const resourceClaimTypes = {
  AllocatedDeviceStatus: {
    driver: ['string!', 1],
    pool: ['string!', 2],
    device: ['string!', 3],
    shareID: ['string?', 7, { gate: 'DRAConsumableCapacity' }],
    conditions: ['meta.v1.Condition[]', 4, { keys: ['type'], empty: 'encoded' }],
    data: ['any?', 5],
    networkData: ['NetworkDeviceData?', 6],
  },
  AllocationResult: {
    devices: ['DeviceAllocationResult', 1],
    nodeSelector: ['core.v1.NodeSelector?', 3],
    allocationTimestamp: ['Time?', 5, { gate: 'DRADeviceBindingConditions' }],
  },
  CapacityRequirements: {
    requests: ['Quantity{}', 1],
  },
  CELDeviceSelector: {
    expression: ['string!', 1],
  },
  DeviceAllocationConfiguration: {
    source: ['AllocationConfigSource!', 1],
    requests: ['string[]', 2],
    '...': ['DeviceConfiguration', 3],
  },
  DeviceAllocationResult: {
    results: ['DeviceRequestAllocationResult[]', 1],
    config: ['DeviceAllocationConfiguration[]', 2],
  },
  DeviceClaim: {
    requests: ['DeviceRequest[]', 1, { empty: 'encoded' }],
    constraints: ['DeviceConstraint[]', 2],
    config: ['DeviceClaimConfiguration[]', 3],
  },
  DeviceClaimConfiguration: {
    requests: ['string[]', 1],
    '...': ['DeviceConfiguration', 2],
  },
  DeviceConfiguration: {
    opaque: ['OpaqueDeviceConfiguration?', 1],
  },
  DeviceConstraint: {
    requests: ['string[]', 1],
    matchAttribute: ['string?', 2],
    distinctAttribute: ['string?', 3, { gate: 'DRAConsumableCapacity' }],
  },
  DeviceRequest: {
    name: ['string!', 1],
    exactly: ['ExactDeviceRequest?', 2],
    firstAvailable: ['DeviceSubRequest[]', 3],
  },
  DeviceRequestAllocationResult: {
    request: ['string!', 1],
    driver: ['string!', 2],
    pool: ['string!', 3],
    device: ['string!', 4],
    adminAccess: ['boolean?', 5],
    tolerations: ['DeviceToleration[]', 6, { gate: 'DRADeviceTaints' }],
    bindingConditions: ['string[]', 7, { gate: 'DRADeviceBindingConditions' }],
    bindingFailureConditions: ['string[]', 8, { gate: 'DRADeviceBindingConditions' }],
    shareID: ['string?', 9, { gate: 'DRAConsumableCapacity' }],
    consumedCapacity: ['Quantity{}', 10, { gate: 'DRAConsumableCapacity' }],
  },
  DeviceSelector: {
    cel: ['CELDeviceSelector?', 1],
  },
  DeviceSubRequest: {
    name: ['string!', 1],
    deviceClassName: ['string!', 2],
    selectors: ['DeviceSelector[]', 3],
    allocationMode: ['DeviceAllocationMode', 4],
    count: ['int64', 5],
    tolerations: ['DeviceToleration[]', 6, { gate: 'DRADeviceTaints' }],
    capacity: ['CapacityRequirements?', 7, { gate: 'DRAConsumableCapacity' }],
  },
  DeviceToleration: {
    key: ['string', 1],
    operator: ['DeviceTolerationOperator', 2, { default: 'Equal' }],
    value: ['string', 3],
    effect: ['DeviceTaintEffect', 4],
    tolerationSeconds: ['int64?', 5],
  },
  ExactDeviceRequest: {
    deviceClassName: ['string!', 1],
    selectors: ['DeviceSelector[]', 2],
    allocationMode: ['DeviceAllocationMode', 3],
    count: ['int64', 4],
    adminAccess: ['boolean?', 5],
    tolerations: ['DeviceToleration[]', 6, { gate: 'DRADeviceTaints' }],
    capacity: ['CapacityRequirements?', 7, { gate: 'DRAConsumableCapacity' }],
  },
  NetworkDeviceData: {
    interfaceName: ['string', 1],
    ips: ['string[]', 2],
    hardwareAddress: ['string', 3],
  },
  OpaqueDeviceConfiguration: {
    driver: ['string!', 1],
    parameters: ['any!', 2],
  },
  ResourceClaim: {
    $: { object: true, about: 'A request for devices, what it got, and who uses that.' },
    metadata: ['meta.v1.ObjectMeta', 1],
    spec: ['ResourceClaimSpec!', 2],
    status: ['ResourceClaimStatus', 3],
  },
  ResourceClaimConsumerReference: {
    apiGroup: ['string', 1],
    resource: ['string!', 3],
    name: ['string!', 4],
    uid: ['string!', 5],
  },
  ResourceClaimSpec: {
    devices: ['DeviceClaim', 1],
  },
  ResourceClaimStatus: {
    allocation: ['AllocationResult?', 1],
    reservedFor: ['ResourceClaimConsumerReference[]', 2, { keys: ['uid'], merge: 'uid' }],
    devices: ['AllocatedDeviceStatus[]', 4, { keys: ['driver', 'device', 'pool', 'shareID'] }],
  },
  ResourceClaimTemplate: {
    $: { object: true, about: 'What claims are made from, one for each pod.' },
    metadata: ['meta.v1.ObjectMeta', 1],
    spec: ['ResourceClaimTemplateSpec!', 2],
  },
  ResourceClaimTemplateSpec: {
    metadata: ['meta.v1.ObjectMeta', 1],
    spec: ['ResourceClaimSpec!', 2],
  },
  AllocationConfigSource: ['FromClass', 'FromClaim'],
  DeviceAllocationMode: ['ExactCount', 'All'],
  DeviceTolerationOperator: ['Exists', 'Equal'],
} as const satisfies TypeTable
