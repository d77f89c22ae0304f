import type { ValidationsTable } from '../../declaration/validations.js'
import { configMapValidation, secretValidation } from './config-data.js'
import { endpointsValidation } from './endpoints.js'
import { eventOfGroupValidation, eventValidation } from './event.js'
import { limitRangeValidation } from './limit-range.js'
import { namespaceValidation } from './namespace.js'
import { nodeValidation } from './node.js'
import { persistentVolumeValidation } from './persistent-volume.js'
import { persistentVolumeClaimValidation } from './persistent-volume-claim.js'
import { podValidation } from './pod.js'
import { podTemplateValidation, replicationControllerValidation } from './pod-template.js'
import { resourceQuotaValidation } from './resource-quota.js'
import { serviceValidation } from './service.js'

export const coreValidations: ValidationsTable = {
  'core.v1.ConfigMap': configMapValidation,
  'core.v1.Endpoints': endpointsValidation,
  'core.v1.Event': eventValidation,
  'core.v1.LimitRange': limitRangeValidation,
  'core.v1.Namespace': namespaceValidation,
  'core.v1.Node': nodeValidation,
  'core.v1.PersistentVolume': persistentVolumeValidation,
  'core.v1.PersistentVolumeClaim': persistentVolumeClaimValidation,
  'core.v1.Pod': podValidation,
  'core.v1.PodTemplate': podTemplateValidation,
  'core.v1.ReplicationController': replicationControllerValidation,
  'core.v1.ResourceQuota': resourceQuotaValidation,
  'core.v1.Secret': secretValidation,
  'core.v1.Service': serviceValidation,
  'events.v1.Event': eventOfGroupValidation,
}
