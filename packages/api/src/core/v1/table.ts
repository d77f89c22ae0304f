import { configurationTypes } from './configuration.js'
import { containerTypes } from './container.js'
import { containerLifecycleTypes } from './container-lifecycle.js'
import { eventTypes } from './event.js'
import { legacyVolumeSourceTypes } from './legacy-volume-source.js'
import { namespaceTypes } from './namespace.js'
import { nodeTypes } from './node.js'
import { persistentVolumeTypes } from './persistent-volume.js'
import { persistentVolumeSourceTypes } from './persistent-volume-source.js'
import { podTypes } from './pod.js'
import { podRequestsTypes } from './pod-requests.js'
import { podStatusTypes } from './pod-status.js'
import { replicationControllerTypes } from './replication-controller.js'
import { schedulingTypes } from './scheduling.js'
import { securityContextTypes } from './security-context.js'
import { serviceTypes } from './service.js'
import { volumeTypes } from './volume.js'

/** Every declared type of core.v1. */
export const coreV1Types = {
  ...podTypes,
  ...podStatusTypes,
  ...podRequestsTypes,
  ...containerTypes,
  ...containerLifecycleTypes,
  ...securityContextTypes,
  ...schedulingTypes,
  ...volumeTypes,
  ...persistentVolumeSourceTypes,
  ...legacyVolumeSourceTypes,
  ...persistentVolumeTypes,
  ...nodeTypes,
  ...serviceTypes,
  ...configurationTypes,
  ...namespaceTypes,
  ...eventTypes,
  ...replicationControllerTypes,
} as const
