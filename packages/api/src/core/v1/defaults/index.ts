import type { DefaultsTable } from '../../../declaration/defaults.js'
import { clusterDefaults } from './cluster.js'
import { podDefaults } from './pod.js'
import { serviceDefaults } from './service.js'
import { volumeDefaults } from './volume.js'

export const coreDefaults: DefaultsTable = { ...podDefaults, ...volumeDefaults, ...serviceDefaults, ...clusterDefaults }
