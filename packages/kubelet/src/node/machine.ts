import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { statfs } from 'node:fs/promises'
import { arch, availableParallelism, hostname, release, totalmem } from 'node:os'

/** Facts of the machine that do not change while the agent runs. */
export interface Machine {
  readonly cpus: number
  /** Bytes. */
  readonly memory: number
  readonly storage: number
  readonly machineID: string
  readonly systemUUID: string
  readonly bootID: string
  readonly kernelVersion: string
  readonly osImage: string
  readonly operatingSystem: string
  readonly architecture: string
  readonly hostname: string
}

const architectures: Readonly<Record<string, string>> = { x64: 'amd64', arm64: 'arm64', ia32: '386', ppc64: 'ppc64le', s390x: 's390x' }

/** Reads the machine; `directory` is where pods' files go. */
export async function readMachine(directory: string): Promise<Machine> {
  const { blocks, bsize } = await statfs(directory)
  const machineID = text('/etc/machine-id') || createHash('sha256').update(hostname()).digest('hex').slice(0, 32)
  return {
    cpus: availableParallelism(),
    memory: totalmem(),
    storage: blocks * bsize,
    machineID,
    systemUUID: text('/sys/class/dmi/id/product_uuid') || machineID,
    bootID: text('/proc/sys/kernel/random/boot_id'),
    kernelVersion: release(),
    osImage: /^PRETTY_NAME="?(.*?)"?$/m.exec(text('/etc/os-release'))?.[1] ?? process.platform,
    operatingSystem: process.platform === 'win32' ? 'windows' : process.platform === 'darwin' ? 'darwin' : 'linux',
    architecture: architectures[arch()] ?? arch(),
    hostname: hostname(),
  }
}

function text(path: string): string {
  try {
    return readFileSync(path, 'utf8').trim()
  } catch {
    return ''
  }
}
