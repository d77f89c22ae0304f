import type { Readable, Writable } from 'node:stream'

/** Which streams a client asked for. */
export interface StreamFlags {
  readonly stdin: boolean
  readonly stdout: boolean
  readonly stderr: boolean
  readonly tty: boolean
}

/** The client's end of an exec or an attach, whatever protocol it speaks. */
export interface RemoteCommand {
  readonly stdin: Readable | undefined
  readonly stdout: Writable | undefined
  readonly stderr: Writable | undefined
  /** Calls back with each new size of the client's terminal, in characters. */
  onResize(listener: (size: TerminalSize) => void): void
  /** Aborts when the client is gone. */
  readonly signal: AbortSignal
}

export interface TerminalSize {
  readonly width: number
  readonly height: number
}

/** Runs a command on a client's streams and resolves with its exit code. A rejection is told to the client as a failure. */
export type CommandRunner = (command: RemoteCommand) => Promise<number>

/** The end of a command as protocols from v4 on tell it: a Status in JSON. */
export function exitStatus(code: number): string {
  if (code === 0) return JSON.stringify({ metadata: {}, status: 'Success' })
  return JSON.stringify({
    metadata: {},
    status: 'Failure',
    message: `command terminated with non-zero exit code: exit status ${code}`,
    reason: 'NonZeroExitCode',
    details: { causes: [{ reason: 'ExitCode', message: String(code) }] },
  })
}

/** A command that could not be run at all. */
export function failureStatus(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error)
  return JSON.stringify({
    metadata: {},
    status: 'Failure',
    message,
    reason: 'InternalError',
    details: { causes: [{ message }] },
    code: 500,
  })
}

/** The exit code that a Status carries. Throws what it says of a command that did not run. */
export function exitCodeOf(status: string): number {
  if (status === '') return 0
  const {
    status: outcome,
    message,
    reason,
    details,
  } = JSON.parse(status) as {
    status?: string
    message?: string
    reason?: string
    details?: { causes?: { reason?: string; message?: string }[] }
  }
  if (outcome === 'Success') return 0
  const code = Number(details?.causes?.find((cause) => cause.reason === 'ExitCode')?.message)
  if (reason === 'NonZeroExitCode' && Number.isInteger(code)) return code
  throw new Error(message ?? 'the command failed')
}

/** Reads the terminal sizes of a resize stream: one JSON object after another. Ends quietly with the stream. */
export function readSizes(stream: Readable, listener: (size: TerminalSize) => void): void {
  let pending = ''
  stream.on('data', (chunk: Buffer) => {
    pending += chunk.toString()
    for (let end = pending.indexOf('}'); end >= 0; end = pending.indexOf('}')) {
      const size = parseSize(pending.slice(0, end + 1))
      if (size !== undefined) listener(size)
      pending = pending.slice(end + 1)
    }
    if (pending.length > 1_024) pending = ''
  })
}

/** `{"Width":80,"Height":24}`; undefined for anything else. */
export function parseSize(text: string): TerminalSize | undefined {
  try {
    const { Width, Height } = JSON.parse(text) as { Width?: unknown; Height?: unknown }
    return typeof Width === 'number' && typeof Height === 'number' ? { width: Width, height: Height } : undefined
  } catch {
    return undefined
  }
}
