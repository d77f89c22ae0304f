import { execFile, spawn } from 'node:child_process'

export interface KubectlResult {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

/** One kubectl program on one cluster. */
export interface Kubectl {
  /** Runs to the end; `input` goes to its standard input. */
  run(
    args: readonly string[],
    options?: { input?: string; timeout?: number; env?: Readonly<Record<string, string>> },
  ): Promise<KubectlResult>
  /** Runs and gives standard output; throws with standard error when it fails. */
  ok(...args: string[]): Promise<string>
  /** Runs until told to stop, such as port-forward. */
  start(args: readonly string[]): { output(): string; stop(): Promise<void> }
}

const defaultTimeout = 30_000

export function kubectlOf(program: string, kubeconfig: string, directory?: string, more: Readonly<Record<string, string>> = {}): Kubectl {
  const environment = { ...process.env, KUBECONFIG: kubeconfig, TZ: 'UTC', ...more }
  const run: Kubectl['run'] = (args, { input, timeout = defaultTimeout, env } = {}) =>
    new Promise((resolve) => {
      const child = execFile(
        program,
        args,
        { env: { ...environment, ...env }, timeout, maxBuffer: 64 * 1024 * 1024, ...(directory ? { cwd: directory } : {}) },
        (error, stdout, stderr) => {
          const code = error ? (typeof error.code === 'number' ? error.code : -1) : 0
          resolve({ code, stdout, stderr })
        },
      )
      // kubectl may end without having read its input
      child.stdin?.on('error', (error: NodeJS.ErrnoException) => error.code !== 'EPIPE' && child.kill())
      child.stdin?.end(input ?? '')
    })
  return {
    run,
    async ok(...args) {
      const { code, stdout, stderr } = await run(args)
      if (code !== 0) throw new Error(`kubectl ${args.join(' ')} ended with ${code}: ${stderr}${stdout}`)
      return stdout
    },
    start(args) {
      const child = spawn(program, args, { env: environment })
      let output = ''
      for (const stream of [child.stdout, child.stderr])
        stream.on('data', (data: Buffer) => {
          output += data.toString()
        })
      const ended = new Promise<void>((resolve) => child.once('close', () => resolve()))
      return {
        output: () => output,
        async stop() {
          child.kill()
          await ended
        },
      }
    },
  }
}

/** Asks again until the answer is right; throws the last failure after `deadline` milliseconds. */
export async function eventually<T>(ask: () => Promise<T>, deadline = 30_000): Promise<T> {
  const end = Date.now() + deadline
  for (;;) {
    try {
      return await ask()
    } catch (error) {
      if (Date.now() > end) throw error
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
  }
}
