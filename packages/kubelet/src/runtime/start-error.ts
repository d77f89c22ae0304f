/** Why a container could not be started: the reason and message of its waiting state. */
export class StartError extends Error {
  override readonly name = 'StartError'
  constructor(
    readonly reason: string,
    message: string,
    /** When a further try makes sense, in milliseconds since the epoch. */
    readonly retryAt: number,
    options?: ErrorOptions,
  ) {
    super(message, options)
  }
}
