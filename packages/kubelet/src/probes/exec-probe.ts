import { CriError, criCodes, type Runtime } from '@treeline/cri'
import { longestOutput, type ProbeOutcome } from './outcome.js'

/** Runs a command in the container. The timeout is in milliseconds; the runtime takes whole seconds. */
export async function probeExec(
  runtime: Runtime,
  containerId: string,
  command: readonly string[],
  timeout: number,
  signal: AbortSignal,
): Promise<ProbeOutcome> {
  try {
    const answer = await runtime.execSync(
      { containerId, cmd: [...command], timeout: BigInt(Math.ceil(timeout / 1_000)) },
      { signal, timeout: timeout + 10_000 },
    )
    const output = Buffer.concat([answer.stdout, answer.stderr]).subarray(0, longestOutput).toString()
    return { result: answer.exitCode === 0 ? 'success' : 'failure', output }
  } catch (error) {
    if (error instanceof CriError && (error.code === criCodes.DEADLINE_EXCEEDED || /timed? ?out|deadline/i.test(error.message))) {
      return { result: 'failure', output: `command timed out: "${command.join(' ')}" timed out after ${timeout / 1_000}s` }
    }
    return { result: 'unknown', output: error instanceof Error ? error.message : String(error) }
  }
}
