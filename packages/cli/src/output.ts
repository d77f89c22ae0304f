/** What a long-running command says: lines for people, or with `--json` one object per line for programs. */
export interface Output {
  progress(message: string): void
  warn(message: string): void
  /** The line that ends a start-up. */
  ready(milliseconds: number, kubeconfig: string): void
}

export function terminalOutput(json: boolean, write: (line: string) => void = (line) => process.stdout.write(`${line}\n`)): Output {
  if (json) {
    const line = (event: string, fields: object): void => write(JSON.stringify({ time: new Date().toISOString(), event, ...fields }))
    return {
      progress: (message) => line('progress', { message }),
      warn: (message) => line('warning', { message }),
      ready: (milliseconds, kubeconfig) => line('ready', { milliseconds, kubeconfig }),
    }
  }
  return {
    progress: (message) => write(`  ${message}`),
    warn: (message) => write(`  warning: ${message}`),
    ready: (milliseconds, kubeconfig) => write(`ready in ${milliseconds} ms  KUBECONFIG=${kubeconfig}`),
  }
}
