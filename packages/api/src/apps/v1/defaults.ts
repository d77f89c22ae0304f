import type { DefaultsTable } from '../../declaration/defaults.js'
import { templateGenerationAnnotation } from './template-generation.js'

export const appsDefaults: DefaultsTable = {
  'apps.v1.Deployment': ({ spec }) => {
    if (!spec) return
    spec.replicas ??= 1
    spec.strategy ??= {}
    spec.strategy.type ||= 'RollingUpdate'
    if (spec.strategy.type === 'RollingUpdate') {
      spec.strategy.rollingUpdate = { maxUnavailable: '25%', maxSurge: '25%', ...spec.strategy.rollingUpdate }
    }
    spec.revisionHistoryLimit ??= 10
    spec.progressDeadlineSeconds ??= 600
  },
  'apps.v1.DaemonSet': ({ metadata, spec }) => {
    metadata.annotations = { [templateGenerationAnnotation]: '0', ...metadata.annotations }
    if (!spec) return
    spec.updateStrategy ??= {}
    spec.updateStrategy.type ||= 'RollingUpdate'
    if (spec.updateStrategy.type === 'RollingUpdate') {
      spec.updateStrategy.rollingUpdate = { maxUnavailable: 1, maxSurge: 0, ...spec.updateStrategy.rollingUpdate }
    }
    spec.revisionHistoryLimit ??= 10
  },
  'apps.v1.StatefulSet': ({ spec }) => {
    if (!spec) return
    spec.podManagementPolicy ||= 'OrderedReady'
    for (const claim of spec.volumeClaimTemplates ?? []) Object.assign(claim, { apiVersion: 'v1', kind: 'PersistentVolumeClaim' })
    spec.updateStrategy ??= {}
    if (!spec.updateStrategy.type) {
      spec.updateStrategy.type = 'RollingUpdate'
      spec.updateStrategy.rollingUpdate ??= {}
    }
    if (spec.updateStrategy.type === 'RollingUpdate' && spec.updateStrategy.rollingUpdate) spec.updateStrategy.rollingUpdate.partition ??= 0
    spec.persistentVolumeClaimRetentionPolicy ??= {}
    spec.persistentVolumeClaimRetentionPolicy.whenDeleted ||= 'Retain'
    spec.persistentVolumeClaimRetentionPolicy.whenScaled ||= 'Retain'
    spec.replicas ??= 1
    spec.revisionHistoryLimit ??= 10
  },
  'apps.v1.ReplicaSetSpec': { replicas: 1 },
}
