import type { ValidationsTable } from '../../declaration/validations.js'
import { configMapValidation, secretValidation } from './config-data.js'
import { persistentVolumeValidation } from './persistent-volume.js'
import { persistentVolumeClaimValidation } from './persistent-volume-claim.js'
import { podValidation } from './pod.js'
import { podTemplateValidation, replicationControllerValidation } from './pod-template.js'
import { serviceValidation } from './service.js'

export const coreValidations: ValidationsTable = {
  'core.v1.ConfigMap': configMapValidation,
  'core.v1.PersistentVolume': persistentVolumeValidation,
  'core.v1.PersistentVolumeClaim': persistentVolumeClaimValidation,
  'core.v1.Pod': podValidation,
  'core.v1.PodTemplate': podTemplateValidation,
  'core.v1.ReplicationController': replicationControllerValidation,
  'core.v1.Secret': secretValidation,
  'core.v1.Service': serviceValidation,
}
