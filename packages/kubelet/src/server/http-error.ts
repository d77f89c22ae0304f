/** A request that is answered with a status code and a line of text. */
export class HttpError extends Error {
  override readonly name = 'HttpError'
  constructor(
    readonly code: number,
    message: string,
  ) {
    super(message)
  }
}
