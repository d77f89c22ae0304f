import { setTimeout as pause } from 'node:timers/promises'
import { findPeer, kubectlOf } from '@treeline/interop'
import { peakMemory, processorTime, type ScaleSubject } from './subject.js'

export interface ScaleFigures {
  readonly cluster: ScaleSubject['name']
  readonly nodes: number
  readonly pods: number
  /** Seconds from the start of the first process to the last node's readiness. */
  readonly 'nodes Ready (s)': number
  readonly 'pods/s to Ready': number
  readonly 'cpu ms a pod': number
  readonly 'pods/s to gone': number
  readonly 'peak memory (MiB)': number
}

const deadline = 20 * 60_000
const interval = 200

/** Starts a cluster, runs one Deployment up and down on it, and stops it. */
export async function measureScale(
  start: (nodes: number) => Promise<ScaleSubject>,
  nodes: number,
  pods: number,
  log: (line: string) => void,
): Promise<ScaleFigures> {
  const program = await findPeer('kubectl')
  if (!program) throw new Error('kubectl is not here')
  const began = performance.now()
  const subject = await start(nodes)
  try {
    const kubectl = kubectlOf(program, subject.kubeconfig)
    const readyNodes = "-o=jsonpath={.items[*].status.conditions[?(@.type=='Ready')].status}"
    await until(async () => words(await kubectl.ok('get', 'nodes', readyNodes)).filter((word) => word === 'True').length === nodes)
    const nodesReady = seconds(began)
    const used = processorTime(subject.pids)
    const created = performance.now()
    await kubectl.ok('create', 'deployment', 'big', '--image=registry.example/app', `--replicas=${pods}`)
    const replicas = '-o=jsonpath={.status.readyReplicas}'
    await until(async () => (await kubectl.ok('get', 'deployment', 'big', replicas)).trim() === String(pods))
    const up = seconds(created)
    const processor = processorTime(subject.pids) - used
    const deleted = performance.now()
    await kubectl.ok('delete', 'deployment', 'big')
    await until(async () => words(await kubectl.ok('get', 'pods', '-o=name')).length === 0)
    const figures: ScaleFigures = {
      cluster: subject.name,
      nodes,
      pods,
      'nodes Ready (s)': rounded(nodesReady),
      'pods/s to Ready': rounded(pods / up),
      'cpu ms a pod': rounded((processor * 1000) / pods),
      'pods/s to gone': rounded(pods / seconds(deleted)),
      'peak memory (MiB)': peakMemory(subject.pids),
    }
    log(JSON.stringify(figures))
    return figures
  } finally {
    await subject.stop()
  }
}

/** Asks again and again, which costs the measured machine little, until it is so. Throws after twenty minutes. */
async function until(condition: () => Promise<boolean>): Promise<void> {
  const end = performance.now() + deadline
  while (!(await condition())) {
    if (performance.now() > end) throw new Error(`the cluster did not get there in ${deadline / 60_000} minutes`)
    await pause(interval)
  }
}

const words = (text: string): string[] => text.split(/\s+/).filter((word) => word !== '')
const seconds = (since: number): number => (performance.now() - since) / 1000
const rounded = (value: number): number => Math.round(value * 10) / 10
