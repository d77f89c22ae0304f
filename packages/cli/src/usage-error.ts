/** A wrong command line: one sentence for the user, exit code 2. */
export class UsageError extends Error {}
