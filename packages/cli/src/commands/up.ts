import { spawn } from 'node:child_process'
import { closeSync, mkdirSync, openSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { Command } from 'commander'
import { Cluster } from '../cluster/cluster.js'
import { askCluster, defaultDataDirectory } from '../cluster/data-directory.js'
import { terminalOutput } from '../output.js'
import { countOption, portOption } from './options.js'

interface UpFlags {
  dataDir: string
  port: number
  nodes: number
  store: 'lmdb' | 'memory'
  cloudProvider: string | undefined
  kubeconfig: string | undefined
  detach: boolean
  verbose: boolean
  json: boolean
}

const detachedStart = 60_000

/** `treeline up`: a cluster in the foreground, until SIGINT or SIGTERM. */
export function addUp(program: Command): void {
  program
    .command('up')
    .description('start a cluster and keep it running')
    .option('--data-dir <dir>', 'where the cluster lives', defaultDataDirectory())
    .option('--port <n>', 'port of the API server; 0 takes a free one', portOption, 6443)
    .option('--nodes <n>', 'nodes that the embedded cloud boots', countOption, 3)
    .option('--store <store>', 'lmdb keeps objects on disk, memory forgets them', 'lmdb')
    .option('--cloud-provider <name>', 'provider of the embedded cloud')
    .option('--kubeconfig <file>', 'where to write the kubeconfig (default: in the data directory)')
    .option('--detach', 'go on in the background once the cluster is ready', false)
    .option('-v, --verbose', 'print what otherwise goes to DIR/cluster.log alone', false)
    .option('--json', 'machine-readable lines', false)
    .addHelpText(
      'after',
      '\nExamples:\n  treeline up                              a cluster of three nodes on port 6443\n  treeline up --port 0 --data-dir ./dev    another one beside it\n  treeline up --detach && treeline down',
    )
    .action(async (flags: UpFlags) => {
      process.exitCode = flags.detach ? await detached(flags) : await foreground(flags)
    })
}

async function foreground(flags: UpFlags): Promise<number> {
  const output = terminalOutput(flags.json)
  const started = Date.now() - Math.round(performance.now())
  let stop: () => void = () => undefined
  const stopped = new Promise<void>((done) => {
    stop = done
  })
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, stop)
  const starting = Cluster.start({
    dataDirectory: resolve(flags.dataDir),
    port: flags.port,
    nodes: flags.nodes,
    store: flags.store,
    ...(flags.cloudProvider ? { cloudProvider: flags.cloudProvider } : {}),
    ...(flags.kubeconfig ? { kubeconfig: resolve(flags.kubeconfig) } : {}),
    onProgress: output.progress,
    ...(flags.verbose ? { onWarning: output.warn } : {}),
    onStopRequest: stop,
  })
  const cluster = await Promise.race([starting, stopped])
  // told to stop while it starts: what is open then ends with the process
  if (!cluster) process.exit(130)
  output.ready(Date.now() - started, cluster.kubeconfig)
  await stopped
  output.progress('stopping')
  await cluster.close()
  return 0
}

/** Starts the same command without `--detach` and leaves it when it is ready. */
async function detached(flags: UpFlags): Promise<number> {
  const directory = resolve(flags.dataDir)
  mkdirSync(directory, { recursive: true, mode: 0o700 })
  const logFile = join(directory, 'up.log')
  const log = openSync(logFile, 'a', 0o600)
  const args = process.argv.slice(1).filter((argument) => argument !== '--detach')
  const child = spawn(process.execPath, [...process.execArgv, ...args], { detached: true, stdio: ['ignore', log, log] })
  closeSync(log)
  let exit: number | null | undefined
  child.on('exit', (code) => {
    exit = code ?? 1
  })
  const end = Date.now() + detachedStart
  while (exit === undefined && Date.now() < end) {
    const status = await askCluster(directory, 'status')
    if (status?.ready && status.pid === child.pid) {
      child.unref()
      terminalOutput(flags.json).ready(Date.now() - Date.parse(status.startedAt), status.kubeconfig)
      return 0
    }
    await new Promise((done) => setTimeout(done, 50))
  }
  process.stderr.write(`the cluster did not start; see ${logFile}\n`)
  return 1
}
