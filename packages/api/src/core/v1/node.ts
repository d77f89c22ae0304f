import type { TypeTable } from '../../declaration/type-table.js'

export const nodeTypes = {
  AttachedVolume: {
    name: ['string!', 1],
    devicePath: ['string!', 2],
  },
  ConfigMapNodeConfigSource: {
    namespace: ['string!', 1],
    name: ['string!', 2],
    uid: ['string', 3],
    resourceVersion: ['string', 4],
    kubeletConfigKey: ['string!', 5],
  },
  ContainerImage: {
    names: ['string[]', 1, { empty: 'encoded' }],
    sizeBytes: ['int64', 2],
  },
  DaemonEndpoint: {
    Port: ['int32!', 1],
  },
  Node: {
    $: { object: true, about: 'A machine that runs pods.' },
    metadata: ['meta.v1.ObjectMeta', 1],
    spec: ['NodeSpec', 2],
    status: ['NodeStatus', 3],
  },
  NodeAddress: {
    type: ['NodeAddressType!', 1],
    address: ['string!', 2],
  },
  NodeCondition: {
    type: ['NodeConditionType!', 1],
    status: ['ConditionStatus!', 2],
    lastHeartbeatTime: ['Time', 3],
    lastTransitionTime: ['Time', 4],
    reason: ['string', 5],
    message: ['string', 6],
  },
  NodeConfigSource: {
    configMap: ['ConfigMapNodeConfigSource?', 2],
  },
  NodeConfigStatus: {
    assigned: ['NodeConfigSource?', 1],
    active: ['NodeConfigSource?', 2],
    lastKnownGood: ['NodeConfigSource?', 3],
    error: ['string', 4],
  },
  NodeDaemonEndpoints: {
    kubeletEndpoint: ['DaemonEndpoint', 1],
  },
  NodeFeatures: {
    supplementalGroupsPolicy: ['boolean?', 1],
  },
  NodeRuntimeHandler: {
    name: ['string', 1, { empty: 'encoded' }],
    features: ['NodeRuntimeHandlerFeatures?', 2],
  },
  NodeRuntimeHandlerFeatures: {
    recursiveReadOnlyMounts: ['boolean?', 1],
    userNamespaces: ['boolean?', 2],
  },
  NodeSpec: {
    podCIDR: ['string', 1, { about: 'Range of addresses for pods of the node.' }],
    podCIDRs: ['string[]', 7, { set: true, merge: true, about: 'The same, one of each family.' }],
    providerID: ['string', 3, { about: 'How its cloud names the machine.' }],
    unschedulable: ['boolean', 4, { about: 'Takes no new pods.' }],
    taints: ['Taint[]', 5, { about: 'Keep away pods that do not tolerate them.' }],
    configSource: ['NodeConfigSource?', 6],
    externalID: ['string', 2],
  },
  NodeStatus: {
    capacity: ['Quantity{}', 1, { about: 'What the node has.' }],
    allocatable: ['Quantity{}', 2, { about: 'What of it pods may use.' }],
    phase: ['NodePhase', 3],
    conditions: ['NodeCondition[]', 4, { keys: ['type'], merge: 'type', about: 'How it is.' }],
    addresses: ['NodeAddress[]', 5, { keys: ['type'], merge: 'type', about: 'Where it is reached.' }],
    daemonEndpoints: ['NodeDaemonEndpoints', 6],
    nodeInfo: ['NodeSystemInfo', 7, { about: 'Its software.' }],
    images: ['ContainerImage[]', 8, { about: 'Images it has.' }],
    volumesInUse: ['string[]', 9],
    volumesAttached: ['AttachedVolume[]', 10],
    config: ['NodeConfigStatus?', 11],
    runtimeHandlers: ['NodeRuntimeHandler[]', 12],
    features: ['NodeFeatures?', 13],
    declaredFeatures: ['string[]', 14, { gate: 'NodeDeclaredFeatures' }],
  },
  NodeSwapStatus: {
    capacity: ['int64?', 1],
  },
  NodeSystemInfo: {
    machineID: ['string!', 1],
    systemUUID: ['string!', 2],
    bootID: ['string!', 3],
    kernelVersion: ['string!', 4],
    osImage: ['string!', 5],
    containerRuntimeVersion: ['string!', 6],
    kubeletVersion: ['string!', 7],
    kubeProxyVersion: ['string!', 8],
    operatingSystem: ['string!', 9],
    architecture: ['string!', 10],
    swap: ['NodeSwapStatus?', 11],
  },
  NodeAddressType: ['Hostname', 'InternalIP', 'ExternalIP', 'InternalDNS', 'ExternalDNS', '*'],
  NodeConditionType: ['Ready', 'MemoryPressure', 'DiskPressure', 'PIDPressure', 'NetworkUnavailable', '*'],
  NodePhase: ['Pending', 'Running', 'Terminated'],
} as const satisfies TypeTable
