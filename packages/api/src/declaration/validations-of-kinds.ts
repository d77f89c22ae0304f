import { admissionregistrationValidations } from '../validation/admissionregistration/index.js'
import { appsValidations } from '../validation/apps/index.js'
import { autoscalingValidations } from '../validation/autoscaling/index.js'
import { batchValidations } from '../validation/batch/index.js'
import { clusterValidations } from '../validation/cluster/index.js'
import { coreValidations } from '../validation/core/index.js'
import { flowcontrolValidations } from '../validation/flowcontrol/index.js'
import { networkingValidations } from '../validation/networking/index.js'
import { rbacValidations } from '../validation/rbac/index.js'
import { storageValidations } from '../validation/storage/index.js'
import type { ValidationsTable } from './validations.js'

export { metadataValidations } from '../validation/metadata.js'

/** The validations of every kind, as one table, which `defineKind` reads. */
export const validationsTable: ValidationsTable = {
  ...coreValidations,
  ...appsValidations,
  ...batchValidations,
  ...autoscalingValidations,
  ...networkingValidations,
  ...rbacValidations,
  ...storageValidations,
  ...clusterValidations,
  ...admissionregistrationValidations,
  ...flowcontrolValidations,
}
