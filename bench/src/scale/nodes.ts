import { spawn } from 'node:child_process'
import { findPeer } from '@treeline/interop'

/** Makes node objects for kwok to play. */
export async function createNodes(kubeconfig: string, count: number): Promise<void> {
  const capacity = { cpu: '32', memory: '256Gi', pods: '110' }
  const items = Array.from({ length: count }, (_, index) => ({
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name: `node-${index + 1}`, labels: { 'kubernetes.io/hostname': `node-${index + 1}`, 'kubernetes.io/os': 'linux' } },
    status: { capacity, allocatable: capacity },
  }))
  const program = await findPeer('kubectl')
  if (!program) throw new Error('kubectl is not here')
  const child = spawn(program, ['--kubeconfig', kubeconfig, 'create', '-f', '-'], { stdio: ['pipe', 'ignore', 'inherit'] })
  child.stdin.end(JSON.stringify({ apiVersion: 'v1', kind: 'List', items }))
  const code = await new Promise<number | null>((resolve) => child.once('exit', resolve))
  if (code !== 0) throw new Error('the nodes for kwok could not be made')
}
