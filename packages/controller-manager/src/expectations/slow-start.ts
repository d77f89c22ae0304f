/**
 * Runs `count` like tasks in batches of 1, 2, 4, … and stops after a batch in which one failed: what is bound to fail
 * (no quota left) is not tried a thousand times. Gives how many succeeded and the first error.
 */
export async function slowStart(count: number, task: (index: number) => Promise<void>): Promise<{ succeeded: number; error: unknown }> {
  let succeeded = 0
  let begun = 0
  for (let size = Math.min(count, 1); size > 0; size = Math.min(2 * size, count - begun)) {
    const from = begun
    begun += size
    const results = await Promise.allSettled(Array.from({ length: size }, (_, offset) => task(from + offset)))
    const failed = results.find((result) => result.status === 'rejected')
    succeeded += results.filter((result) => result.status === 'fulfilled').length
    if (failed) return { succeeded, error: failed.reason }
  }
  return { succeeded, error: undefined }
}
