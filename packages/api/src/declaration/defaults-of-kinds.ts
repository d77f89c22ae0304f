import { admissionregistrationDefaults } from '../admissionregistration/v1/defaults.js'
import { apiextensionsDefaults } from '../apiextensions/v1/defaults.js'
import { appsDefaults } from '../apps/v1/defaults.js'
import { autoscalingDefaults } from '../autoscaling/defaults.js'
import { batchDefaults } from '../batch/v1/defaults.js'
import { coreDefaults } from '../core/v1/defaults/index.js'
import { flowcontrolDefaults } from '../flowcontrol/v1/defaults.js'
import { networkingDefaults } from '../networking/v1/defaults.js'
import { rbacDefaults } from '../rbac/v1/defaults.js'
import { resourceDefaults } from '../resource/v1/defaults.js'
import { storageDefaults } from '../storage/v1/defaults.js'
import type { DefaultsTable } from './defaults.js'
import { mergeTables } from './merge-tables.js'

const others: DefaultsTable = {
  'authentication.v1.TokenRequestSpec': { expirationSeconds: 3600 },
  'scheduling.v1.PriorityClass': { preemptionPolicy: 'PreemptLowerPriority' },
}

/** The defaults of every group, as one table: a type of one group may lie inside an object of another. */
export const defaultsTable: DefaultsTable = mergeTables([
  coreDefaults,
  appsDefaults,
  batchDefaults,
  autoscalingDefaults,
  networkingDefaults,
  rbacDefaults,
  storageDefaults,
  admissionregistrationDefaults,
  flowcontrolDefaults,
  resourceDefaults,
  apiextensionsDefaults,
  others,
])
