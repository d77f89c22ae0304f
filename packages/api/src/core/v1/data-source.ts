import type { TypeOf } from '../../declaration/type-of.js'

type ClaimSpec = TypeOf<'core.v1.PersistentVolumeClaimSpec'>

/**
 * `dataSource` and its successor `dataSourceRef` say the same. The old one takes only claims and snapshots, and drops
 * anything else without a word; a reference into another namespace is an alpha feature, and dropped as well.
 */
export function settleDataSource(spec: ClaimSpec | undefined, old?: ClaimSpec): void {
  if (!spec) return
  if (spec.dataSourceRef?.namespace && !old?.dataSourceRef) delete spec.dataSourceRef
  if (!old?.dataSource && !old?.dataSourceRef && !spec.dataSourceRef && !isClaimOrSnapshot(spec.dataSource)) delete spec.dataSource
  if (spec.dataSource && !spec.dataSourceRef) spec.dataSourceRef = { ...spec.dataSource }
  else if (spec.dataSourceRef && !spec.dataSource && !spec.dataSourceRef.namespace) {
    const { namespace: _namespace, ...local } = spec.dataSourceRef
    spec.dataSource = local
  }
}

function isClaimOrSnapshot(source: ClaimSpec['dataSource']): boolean {
  if (!source) return true
  // A missing group is encoded as null.
  const { kind } = source
  const apiGroup = source.apiGroup ?? ''
  return (apiGroup === '' && kind === 'PersistentVolumeClaim') || (apiGroup === 'snapshot.storage.k8s.io' && kind === 'VolumeSnapshot')
}
