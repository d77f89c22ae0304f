import { normalPath } from '../files/file-tree.js'
import { startProcess } from '../programs/process.js'
import type { Machine } from './command.js'
import type { Sink } from './streams.js'

const notFound = 127
const notExecutable = 126

export interface ForeignProgram {
  /** As written, perhaps with a path, and its last part. */
  readonly word: string
  readonly name: string
  readonly cwd: string
  /** How the shell calls itself in messages. */
  readonly shell: string
  readonly machine: Machine
  readonly signal: AbortSignal
  readonly stderr: Sink
  readonly runScript: (text: string) => Promise<number>
}

/** What is no program of the shell: scripts in files, the image's own program, and names that nobody knows. */
export async function runForeign({ word, name, cwd, shell, machine, signal, stderr, runScript }: ForeignProgram): Promise<number> {
  const own = machine.ownProgram(name)
  if (own !== undefined) {
    const started = startProcess(own, { ignoresStop: false })
    const stop = () => started.stop()
    signal.addEventListener('abort', stop, { once: true })
    const { code } = await started.exited
    signal.removeEventListener('abort', stop)
    return code
  }
  if (word.includes('/')) {
    const path = normalPath(cwd, word)
    if (await machine.files.exists(path)) {
      const text = (await machine.files.read(path)).toString()
      if (text.startsWith('#!') || /^[\t\n\r\x20-\x7e]*$/.test(text.slice(0, 256))) return runScript(text)
      await stderr(`${shell}: ${word}: cannot execute binary file\n`)
      return notExecutable
    }
  }
  await stderr(`${shell}: ${word}: not found\n`)
  return notFound
}
