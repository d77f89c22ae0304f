/** How a main process ended. */
export interface ProcessExit {
  readonly code: number
  readonly message?: string
}

/** The main process of a container. */
export interface ContainerProcess {
  /** Resolves when it is gone; never rejects. */
  readonly exited: Promise<ProcessExit>
  /** The stop signal. A program that ignores it goes on. */
  stop(): void
  /** The end, now: exit code 137. */
  kill(): void
}

/** A program: runs until it is done or its signal aborts, and resolves with its exit code. */
export type Program = (signal: AbortSignal) => Promise<number>

export function startProcess(program: Program, options: { readonly ignoresStop: boolean }): ContainerProcess {
  const controller = new AbortController()
  let kill = () => controller.abort()
  const killed = new Promise<ProcessExit>((resolve) => {
    kill = () => {
      resolve({ code: 137 })
      controller.abort()
    }
  })
  const ended = program(controller.signal).then(
    (code): ProcessExit => ({ code }),
    (error: unknown): ProcessExit => ({ code: 139, message: error instanceof Error ? error.message : String(error) }),
  )
  return {
    exited: Promise.race([ended, killed]),
    stop: () => {
      if (!options.ignoresStop) controller.abort()
    },
    kill,
  }
}
