import { type ChildProcess, spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

/** The command line program, as a user runs it. */
export const treelineProgram = fileURLToPath(new URL('../../../packages/cli/dist/main.js', import.meta.url))

export interface TreelineProcess {
  readonly child: ChildProcess
  /** Everything it printed so far. */
  output(): string
  /** Resolves to the exit code, or the signal that ended it. */
  readonly ended: Promise<number | NodeJS.Signals>
  /** Resolves when it says that it is ready; rejects when it ends before. */
  readonly ready: Promise<void>
}

/** Starts `treeline …` as a process of its own. With `--json` its `ready` can be waited for. */
export function startTreeline(args: readonly string[]): TreelineProcess {
  const child = spawn(process.execPath, [treelineProgram, ...args], { stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  const ended = new Promise<number | NodeJS.Signals>((resolve) => child.once('close', (code, signal) => resolve(signal ?? code ?? -1)))
  const ready = new Promise<void>((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (data: Buffer) => {
        output += data.toString()
        if (/kubeconfig/.test(output)) resolve()
      })
    void ended.then((code) => reject(new Error(`treeline ${args.join(' ')} ended with ${code}: ${output}`)))
  })
  // whoever does not wait for it is not to be ended by it
  ready.catch(() => undefined)
  return { child, ended, ready, output: () => output }
}
