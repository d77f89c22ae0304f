import { execFile, spawn } from 'node:child_process'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { findPeer, startUpstream } from '@treeline/interop'
import { createNodes } from './nodes.js'
import type { ScaleSubject } from './subject.js'

/** Stages with which kwok plays nodes and pods as fast as it can. */
const stages = ['node/fast', 'node/heartbeat-with-lease', 'pod/fast']

/** etcd, kube-apiserver, kube-controller-manager, kube-scheduler, and kwok for every node. */
export async function startKwokSubject(nodes: number): Promise<ScaleSubject> {
  const upstream = await startUpstream({ controllers: true })
  const directory = await mkdtemp(join(tmpdir(), 'kwok-'))
  const program = (await findPeer('kwok')) ?? 'kwok'
  const child = spawn(
    program,
    [`--kubeconfig=${upstream.kubeconfig}`, '--manage-all-nodes=true', '--node-lease-duration-seconds=40', ...(await stageFlags())],
    { cwd: directory, stdio: 'ignore' },
  )
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  const stop = async (): Promise<void> => {
    child.kill()
    await ended
    await upstream.stop()
    await rm(directory, { recursive: true, force: true })
  }
  try {
    await createNodes(upstream.kubeconfig, nodes)
  } catch (error) {
    await stop()
    throw error
  }
  return {
    name: 'upstream + kwok',
    kubeconfig: upstream.kubeconfig,
    pids: [...Object.values(upstream.pids), child.pid ?? 0],
    stop,
  }
}

/** The stages lie in the module that kwok was built from. */
async function stageFlags(): Promise<string[]> {
  const { stdout } = await promisify(execFile)('go', ['env', 'GOMODCACHE'])
  const root = join(stdout.trim(), 'sigs.k8s.io')
  const version = (await readdir(root))
    .filter((name) => name.startsWith('kwok@'))
    .sort()
    .at(-1)
  if (version === undefined) throw new Error(`there are no stages of kwok in ${root}`)
  const flags: string[] = []
  for (const stage of stages) {
    const folder = join(root, version, 'kustomize', 'stage', stage)
    for (const name of await readdir(folder, { recursive: true })) {
      if (name.endsWith('.yaml') && !name.endsWith('kustomization.yaml') && !name.endsWith('patch.yaml')) {
        flags.push(`--config=${join(folder, name)}`)
      }
    }
  }
  return flags
}
