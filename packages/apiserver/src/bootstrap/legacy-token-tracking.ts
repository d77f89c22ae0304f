import { ConfigMap } from '@treeline/api'
import type { ApiInternals } from '../registry/internals.js'
import { ensure } from './ensure.js'

/** Says since when the use of tokens kept in Secrets is recorded; the controller that removes unused ones waits for it. */
export async function ensureLegacyTokenTracking(internals: ApiInternals, now: () => number): Promise<void> {
  await ensure(internals, ConfigMap, {
    metadata: { namespace: 'kube-system', name: 'kube-apiserver-legacy-service-account-token-tracking' },
    data: { since: new Date(now()).toISOString().slice(0, 10) },
  })
}
