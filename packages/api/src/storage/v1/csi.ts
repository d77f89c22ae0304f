import type { TypeTable } from '../../declaration/type-table.js'

export const csiTypes = {
  CSIDriver: {
    $: { object: true, about: 'What the cluster has to know of a storage driver.' },
    metadata: ['meta.v1.ObjectMeta', 1],
    spec: ['CSIDriverSpec!', 2],
  },
  CSIDriverSpec: {
    attachRequired: ['boolean?', 1],
    podInfoOnMount: ['boolean?', 2],
    volumeLifecycleModes: ['VolumeLifecycleMode[]', 3, { set: true }],
    storageCapacity: ['boolean?', 4],
    fsGroupPolicy: ['FSGroupPolicy?', 5],
    tokenRequests: ['TokenRequest[]', 6],
    requiresRepublish: ['boolean?', 7],
    seLinuxMount: ['boolean?', 8],
    nodeAllocatableUpdatePeriodSeconds: ['int64?', 9],
    serviceAccountTokenInSecrets: ['boolean?', 10],
  },
  CSINode: {
    $: { object: true, about: 'The storage drivers a node has.' },
    metadata: ['meta.v1.ObjectMeta', 1],
    spec: ['CSINodeSpec!', 2],
  },
  CSINodeDriver: {
    name: ['string!', 1],
    nodeID: ['string!', 2],
    topologyKeys: ['string[]', 3, { empty: 'encoded' }],
    allocatable: ['VolumeNodeResources?', 4],
  },
  CSINodeSpec: {
    drivers: ['CSINodeDriver[]!', 1, { keys: ['name'], merge: 'name' }],
  },
  CSIStorageCapacity: {
    $: { object: true, about: 'How much room a driver has for a class in a part of the cluster.' },
    metadata: ['meta.v1.ObjectMeta', 1],
    nodeTopology: ['meta.v1.LabelSelector?', 2],
    storageClassName: ['string!', 3],
    capacity: ['Quantity?', 4],
    maximumVolumeSize: ['Quantity?', 5],
  },
  TokenRequest: {
    audience: ['string!', 1],
    expirationSeconds: ['int64?', 2],
  },
  VolumeNodeResources: {
    count: ['int32?', 1],
  },
  FSGroupPolicy: ['ReadWriteOnceWithFSType', 'File', 'None', '*'],
  VolumeLifecycleMode: ['Persistent', 'Ephemeral', '*'],
} as const satisfies TypeTable
