/** Exit code of what was stopped from outside. */
export const interrupted = 143

/** Leaves the shell, the loop or the function it is thrown in. */
export class Leave {
  constructor(
    readonly what: 'exit' | 'break' | 'continue' | 'return',
    readonly code: number,
    public levels = 1,
  ) {}
}
