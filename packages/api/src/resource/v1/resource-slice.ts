import type { TypeTable } from '../../declaration/type-table.js'

export const resourceSliceTypes = {
  CapacityRequestPolicy: {
    default: ['Quantity?', 1, { empty: 'encoded' }],
    validValues: ['Quantity[]', 3],
    validRange: ['CapacityRequestPolicyRange?', 4],
  },
  CapacityRequestPolicyRange: {
    min: ['Quantity?!', 1, { empty: 'omitted' }],
    max: ['Quantity?', 2],
    step: ['Quantity?', 3],
  },
  Counter: {
    value: ['Quantity!', 1],
  },
  CounterSet: {
    name: ['string!', 1],
    counters: ['Counter{}!', 2, { empty: 'omitted' }],
  },
  Device: {
    name: ['string!', 1],
    attributes: ['DeviceAttribute{}', 2],
    capacity: ['DeviceCapacity{}', 3],
    consumesCounters: ['DeviceCounterConsumption[]', 4, { gate: 'DRAPartitionableDevices' }],
    nodeName: ['string?', 5, { gate: 'DRAPartitionableDevices' }],
    nodeSelector: ['core.v1.NodeSelector?', 6, { gate: 'DRAPartitionableDevices' }],
    allNodes: ['boolean?', 7, { gate: 'DRAPartitionableDevices' }],
    taints: ['DeviceTaint[]', 8, { gate: 'DRADeviceTaints' }],
    bindsToNode: ['boolean?', 9, { gate: 'DRADeviceBindingConditions' }],
    bindingConditions: ['string[]', 10, { gate: 'DRADeviceBindingConditions' }],
    bindingFailureConditions: ['string[]', 11, { gate: 'DRADeviceBindingConditions' }],
    allowMultipleAllocations: ['boolean?', 12, { gate: 'DRAConsumableCapacity' }],
  },
  DeviceAttribute: {
    int: ['int64?', 2],
    bool: ['boolean?', 3],
    string: ['string?', 4],
    version: ['string?', 5],
  },
  DeviceCapacity: {
    value: ['Quantity!', 1],
    requestPolicy: ['CapacityRequestPolicy?', 2, { gate: 'DRAConsumableCapacity' }],
  },
  DeviceClass: {
    $: { object: true, about: 'A sort of devices that can be asked for by name.' },
    metadata: ['meta.v1.ObjectMeta', 1],
    spec: ['DeviceClassSpec!', 2],
  },
  DeviceClassConfiguration: {
    '...': ['DeviceConfiguration', 1],
  },
  DeviceClassSpec: {
    selectors: ['DeviceSelector[]', 1],
    config: ['DeviceClassConfiguration[]', 2],
    extendedResourceName: ['string?', 4, { gate: 'DRAExtendedResource' }],
  },
  DeviceCounterConsumption: {
    counterSet: ['string!', 1],
    counters: ['Counter{}!', 2, { empty: 'omitted' }],
  },
  DeviceTaint: {
    key: ['string!', 1],
    value: ['string', 2],
    effect: ['DeviceTaintEffect!', 3],
    timeAdded: ['Time?', 4],
  },
  ResourcePool: {
    name: ['string!', 1],
    generation: ['int64!', 2],
    resourceSliceCount: ['int64!', 3],
  },
  ResourceSlice: {
    $: { object: true, about: 'Devices a driver has to give.' },
    metadata: ['meta.v1.ObjectMeta', 1],
    spec: ['ResourceSliceSpec!', 2],
  },
  ResourceSliceSpec: {
    driver: ['string!', 1],
    pool: ['ResourcePool!', 2],
    nodeName: ['string?', 3],
    nodeSelector: ['core.v1.NodeSelector?', 4],
    allNodes: ['boolean?', 5],
    devices: ['Device[]', 6],
    perDeviceNodeSelection: ['boolean?', 7, { gate: 'DRAPartitionableDevices' }],
    sharedCounters: ['CounterSet[]', 8, { gate: 'DRAPartitionableDevices' }],
  },
  DeviceTaintEffect: ['None', 'NoSchedule', 'NoExecute'],
} as const satisfies TypeTable
