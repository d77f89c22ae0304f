import { deepEqual } from '@treeline/machinery'
import { orNone } from '../../../declaration/cells.js'
import { ageColumn, column, nameColumn } from '../../../declaration/columns.js'
import { defineKind } from '../../../declaration/define-kind.js'
import type { ListOf, TypeOf } from '../../../declaration/type-of.js'
import type { Kind } from '../../../kind.js'

export type CSIDriver = TypeOf<'storage.v1.CSIDriver'>
export type CSIDriverList = ListOf<CSIDriver>

/** What the cluster has to know of a storage driver. */
export const CSIDriver: Kind<CSIDriver> = defineKind('storage.v1.CSIDriver', {
  plural: 'csidrivers',
  scope: 'Cluster',
  columns: [
    nameColumn,
    column('AttachRequired', 'boolean', 'Whether volumes have to be attached to nodes.', ({ spec }) => spec.attachRequired ?? true),
    column('PodInfoOnMount', 'boolean', 'Whether the driver is told of the pod it mounts for.', ({ spec }) => spec.podInfoOnMount ?? false),
    column('StorageCapacity', 'boolean', 'Whether it publishes how much room there is.', ({ spec }) => spec.storageCapacity ?? false),
    column('TokenRequests', 'string', 'Audiences of the service account tokens it wants.', ({ spec }) =>
      spec.tokenRequests ? spec.tokenRequests.map(({ audience }) => audience).join(',') : '<unset>',
    ),
    column('RequiresRepublish', 'boolean', 'Whether mounts are refreshed now and then.', ({ spec }) => spec.requiresRepublish ?? false),
    column('Modes', 'string', 'Whether volumes may outlive pods.', ({ spec }) => orNone(spec.volumeLifecycleModes?.join(','))),
    ageColumn,
  ],
  strategy: {
    generation: 'spec',
    allowUnconditionalUpdate: false,
    returnDeletedObject: true,
    // Counted from the first change on.
    prepareForCreate: ({ metadata }) => {
      delete metadata.generation
    },
    warningsOnCreate: tokenWarnings,
    warningsOnUpdate: (driver, old) => (deepEqual(driver.spec.tokenRequests, old.spec.tokenRequests) ? [] : tokenWarnings(driver)),
  },
})

function tokenWarnings({ spec }: CSIDriver): string[] {
  if (!spec.tokenRequests?.length || spec.serviceAccountTokenInSecrets !== undefined) return []
  return [
    'spec.serviceAccountTokenInSecrets is unset; if supported by this CSI driver, set to true to prevent possible logging of tokens in volume attributes',
  ]
}
