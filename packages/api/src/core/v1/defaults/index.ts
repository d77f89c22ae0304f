import type { DefaultsTable } from '../../../declaration/defaults.js'
import { mergeTables } from '../../../declaration/merge-tables.js'
import { clusterDefaults } from './cluster.js'
import { podDefaults } from './pod.js'
import { serviceDefaults } from './service.js'
import { volumeDefaults } from './volume.js'

export const coreDefaults: DefaultsTable = mergeTables([podDefaults, volumeDefaults, serviceDefaults, clusterDefaults])
