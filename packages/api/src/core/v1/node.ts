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
    $: { object: true },
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
    podCIDR: ['string', 1],
    podCIDRs: ['string[]', 7, { set: true, merge: true }],
    providerID: ['string', 3],
    unschedulable: ['boolean', 4],
    taints: ['Taint[]', 5],
    configSource: ['NodeConfigSource?', 6],
    externalID: ['string', 2],
  },
  NodeStatus: {
    capacity: ['Quantity{}', 1],
    allocatable: ['Quantity{}', 2],
    phase: ['NodePhase', 3],
    conditions: ['NodeCondition[]', 4, { keys: ['type'], merge: 'type' }],
    addresses: ['NodeAddress[]', 5, { keys: ['type'], merge: 'type' }],
    daemonEndpoints: ['NodeDaemonEndpoints', 6],
    nodeInfo: ['NodeSystemInfo', 7],
    images: ['ContainerImage[]', 8],
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
