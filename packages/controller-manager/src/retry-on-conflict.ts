import { isConflict } from '@treeline/machinery'

/** Runs `write` with what `current` has, again with what `refresh` reads when another writer came between, `tries` times in all. */
export async function retryOnConflict<T, R>(
  current: T,
  refresh: () => Promise<T>,
  write: (object: T) => Promise<R>,
  tries = 2,
): Promise<R> {
  let object = current
  for (let attempt = 1; ; attempt++) {
    try {
      return await write(object)
    } catch (error) {
      if (!isConflict(error) || attempt >= tries) throw error
      object = await refresh()
    }
  }
}
