import { daemonSetTypes } from './daemon-set.js'
import { deploymentTypes } from './deployment.js'
import { statefulSetTypes } from './stateful-set.js'

/** Every declared type of apps.v1. */
export const appsV1Types = { ...deploymentTypes, ...statefulSetTypes, ...daemonSetTypes } as const
