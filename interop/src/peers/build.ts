import { spawn } from 'node:child_process'
import { access, mkdir, realpath, writeFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { type Peer, peers, stagingModules } from './manifest.js'

/** Where built peers are kept, outside the repository. */
export function peerDirectory(): string {
  return process.env.TREELINE_PEERS ?? join(homedir(), '.cache', 'treeline-peers', 'bin')
}

/** A peer's program: built here, or installed under its name on PATH or beside the real kubectl. Undefined when it is neither. */
export async function findPeer(name: string): Promise<string | undefined> {
  const onPath = (process.env.PATH ?? '').split(delimiter)
  const besideKubectl = await Promise.all(onPath.map((directory) => realpath(join(directory, 'kubectl')).then(dirname, () => undefined)))
  for (const directory of [peerDirectory(), ...onPath, ...besideKubectl]) {
    if (directory === undefined) continue
    const path = join(directory, name)
    if (
      await access(path).then(
        () => true,
        () => false,
      )
    )
      return path
  }
  return undefined
}

/** Builds what is missing of the named peers, one after the other: the Go compiler uses all cores by itself. */
export async function buildPeers(names: readonly string[], log: (line: string) => void): Promise<void> {
  for (const name of names) {
    const peer = peers[name]
    if (!peer) throw new Error(`unknown peer ${name}; there are ${Object.keys(peers).join(', ')}`)
    if (await findPeer(name)) continue
    const started = Date.now()
    await buildPeer(name, peer)
    log(`built ${name} in ${Math.round((Date.now() - started) / 1000)} s`)
  }
}

async function buildPeer(name: string, peer: Peer): Promise<void> {
  const bin = peerDirectory()
  const workspace = join(bin, '..', 'modules', `${peer.module.replaceAll('/', '_')}@${peer.version}`)
  await mkdir(workspace, { recursive: true })
  await mkdir(bin, { recursive: true })
  await writeFile(join(workspace, 'go.mod'), goMod(peer), { flag: 'wx' }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error
  })
  if (peer.staging) await writeFile(join(workspace, 'peer.go'), `package peer\n\nimport _ "${peer.module}/pkg/apis/core"\n`)
  else await go(workspace, 'get', `${peer.module}@${peer.version}`)
  await go(workspace, 'build', '-trimpath', '-o', join(bin, name), peer.package)
}

function goMod(peer: Peer): string {
  const replaces = peer.staging ? stagingModules.map((module) => `  k8s.io/${module} => k8s.io/${module} ${peer.staging}\n`) : []
  const replace = replaces.length > 0 ? `replace (\n${replaces.join('')})\n` : ''
  return `module peers.local/peer\n\ngo 1.24.0\n\nrequire ${peer.module} ${peer.version}\n\n${replace}`
}

function go(directory: string, ...args: string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn('go', args, {
      cwd: directory,
      env: { ...process.env, GOFLAGS: '-mod=mod', GOTOOLCHAIN: 'local' },
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    let errors = ''
    child.stderr.on('data', (data: Buffer) => {
      errors = (errors + data.toString()).slice(-4000)
    })
    child.on('error', reject)
    child.on('close', (code) => (code === 0 ? resolve() : reject(new Error(`go ${args.join(' ')} failed:\n${errors}`))))
  })
}
