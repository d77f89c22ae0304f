import type { ValidationsTable } from '../../declaration/validations.js'
import { controllerRevisionValidation } from './controller-revision.js'
import { daemonSetValidation } from './daemon-set.js'
import { deploymentValidation, replicaSetValidation } from './deployment.js'
import { statefulSetValidation } from './stateful-set.js'

export const appsValidations: ValidationsTable = {
  'apps.v1.ControllerRevision': controllerRevisionValidation,
  'apps.v1.DaemonSet': daemonSetValidation,
  'apps.v1.Deployment': deploymentValidation,
  'apps.v1.ReplicaSet': replicaSetValidation,
  'apps.v1.StatefulSet': statefulSetValidation,
}
