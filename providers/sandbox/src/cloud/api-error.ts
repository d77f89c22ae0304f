/** A refusal of the cloud's API: HTTP status, a code for programs, a message for people. */
export class ApiError extends Error {
  constructor(
    readonly status: 400 | 401 | 404 | 405 | 409 | 413 | 429 | 500 | 503,
    readonly code: string,
    message: string,
  ) {
    super(message)
  }
}
