import { Job } from '@treeline/api'
import { type ControllerDefinition, defineController, on } from '@treeline/client'
import { isNotFound, parseTime } from '@treeline/machinery'
import { finishedCondition } from '../job/job-conditions.js'
import { objectKey } from '../ownership/object-key.js'

/** Deletes finished Jobs some time after their end, if they say so. */
export function ttlAfterFinishedController(): ControllerDefinition {
  return defineController({
    name: 'ttl-after-finished-controller',
    workers: 5,
    watches: [
      on(Job, (job, _old, _cache, type) =>
        type !== 'deleted' && expiry(job) !== undefined ? [`${job.metadata.namespace}/${job.metadata.name}`] : [],
      ),
    ],
    async reconcile(key, { cache, client, clock, signal }) {
      const job = cache.get(Job, key)
      const expires = job && expiry(job)
      if (!job || expires === undefined) return undefined
      if (expires > clock.now()) return { requeueAfter: expires - clock.now() }
      try {
        const live = await client.get(Job, objectKey(job), { signal })
        const liveExpiry = expiry(live)
        if (liveExpiry === undefined) return undefined
        if (liveExpiry > clock.now()) return { requeueAfter: liveExpiry - clock.now() }
        const preconditions = { uid: live.metadata.uid }
        await client.delete(Job, objectKey(live), { propagationPolicy: 'Foreground', preconditions, signal })
      } catch (error) {
        if (!isNotFound(error)) throw error
      }
      return undefined
    },
  })
}

/** When a Job may go, in milliseconds; undefined if it stays. */
function expiry(job: Job): number | undefined {
  const ttl = job.spec?.ttlSecondsAfterFinished
  const finished = finishedCondition(job)
  if (ttl === undefined || !finished || job.metadata.deletionTimestamp) return undefined
  const time = parseTime(finished.lastTransitionTime ?? '')
  return time === undefined ? undefined : time + ttl * 1000
}
