import { readFileSync } from 'node:fs'

/** A whole cluster of simulated nodes, in processes of its own. */
export interface ScaleSubject {
  readonly name: 'treeline' | 'upstream + kwok'
  readonly kubeconfig: string
  readonly pids: readonly number[]
  stop(): Promise<void>
}

/** Most memory that the processes have had resident, added up, in MiB. */
export function peakMemory(pids: readonly number[]): number {
  const kilobytes = (pid: number): number => Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0)
  return Math.round(pids.reduce((sum, pid) => sum + kilobytes(pid), 0) / 1024)
}

/** Processor seconds that the processes have used so far. */
export function processorTime(pids: readonly number[]): number {
  const ticks = (pid: number): number => {
    // the command, in parentheses, may hold spaces
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ')
    return Number(fields[11]) + Number(fields[12])
  }
  return pids.reduce((sum, pid) => sum + ticks(pid), 0) / 100
}
