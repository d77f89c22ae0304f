/** A script that makes no sense, in the shell's own words. */
export class ShellSyntaxError extends Error {
  override readonly name = 'ShellSyntaxError'
}

/** An expansion that cannot be done: ends a shell that is not interactive. */
export class ShellExpansionError extends Error {
  override readonly name = 'ShellExpansionError'
}
