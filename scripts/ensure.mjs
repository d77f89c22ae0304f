// Installs and builds what is missing, and nothing else: a second run costs a fraction of a second.
import { spawnSync } from 'node:child_process'
import { existsSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = dirname(dirname(fileURLToPath(import.meta.url)))
const modified = (path) => (existsSync(path) ? statSync(path).mtimeMs : 0)

/** Runs a program to its end; its failure is ours. */
export function run(command, args, options = {}) {
  const result = spawnSync(command, args, { cwd: root, stdio: 'inherit', ...options })
  if (result.error) throw result.error
  return result.status ?? 1
}

export function ensureInstalled() {
  const [major] = process.versions.node.split('.').map(Number)
  if (major < 20) {
    console.error(`Treeline needs Node 20 or newer; this is ${process.version}.`)
    process.exit(1)
  }
  if (modified(join(root, 'node_modules/.package-lock.json')) >= modified(join(root, 'package-lock.json'))) return
  console.error('installing dependencies …')
  const npm = process.env.npm_execpath
  // not `npm ci`: it refuses where a registry lacks an optional package of another platform
  const args = ['install', '--no-save', '--ignore-scripts', '--no-fund', '--no-audit', '--loglevel=error']
  const status = npm ? run(process.execPath, [npm, ...args]) : run('npm', args)
  if (status !== 0) process.exit(status)
}

export function ensureBuilt() {
  const quiet = existsSync(join(root, 'packages/cli/dist/main.js'))
  if (!quiet) console.error('building …')
  const status = run(process.execPath, [join(root, 'node_modules/typescript-native/bin/tsc'), '-b'])
  if (status !== 0) process.exit(status)
}
