import { readFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { delimiter, dirname, isAbsolute, join, resolve } from 'node:path'
import { decodeYaml } from '@treeline/machinery'
import type { Kubeconfig } from './kubeconfig.js'
import { KubeconfigError } from './kubeconfig-error.js'

export interface LoadKubeconfigOptions {
  /** Reads this file alone, which must exist. */
  readonly path?: string
  readonly env?: Readonly<Record<string, string | undefined>>
}

/**
 * Loads the file given, else those listed in KUBECONFIG, else `~/.kube/config`; of several files the first to name
 * something decides. Files that do not exist are passed over, except one that was given. Throws KubeconfigError.
 */
export async function loadKubeconfig(options: LoadKubeconfigOptions = {}): Promise<Kubeconfig> {
  const files = kubeconfigFiles(options)
  const loaded = await Promise.all(files.map((file) => readKubeconfig(file, options.path !== undefined)))
  return mergeKubeconfigs(loaded.filter((config) => config !== undefined))
}

/** The files that `loadKubeconfig` reads, first one first. */
export function kubeconfigFiles({ path, env = process.env }: LoadKubeconfigOptions): string[] {
  if (path !== undefined) return [path]
  const listed = (env['KUBECONFIG'] ?? '').split(delimiter).filter((file) => file !== '')
  return listed.length > 0 ? listed : [join(env['HOME'] ?? homedir(), '.kube', 'config')]
}

/** What is named in several files counts from the first that names it. */
export function mergeKubeconfigs(configs: readonly Kubeconfig[]): Kubeconfig {
  return {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: firstByName(configs.flatMap((config) => config.clusters ?? [])),
    users: firstByName(configs.flatMap((config) => config.users ?? [])),
    contexts: firstByName(configs.flatMap((config) => config.contexts ?? [])),
    'current-context': configs.find((config) => config['current-context'])?.['current-context'] ?? '',
  }
}

async function readKubeconfig(file: string, required: boolean): Promise<Kubeconfig | undefined> {
  let text: string
  try {
    text = await readFile(file, 'utf8')
  } catch (cause) {
    if (!required && (cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw new KubeconfigError(`cannot read kubeconfig ${file}: ${(cause as Error).message}`, { cause })
  }
  return parseKubeconfig(text, file)
}

/** Parses YAML or JSON. Relative file names in it are taken from the directory of `file`. */
export function parseKubeconfig(text: string, file: string): Kubeconfig {
  let value: unknown
  try {
    value = decodeYaml(text).value ?? {}
  } catch (cause) {
    throw new KubeconfigError(`kubeconfig ${file} is not valid YAML: ${(cause as Error).message}`, { cause })
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new KubeconfigError(`kubeconfig ${file} is not an object`)
  const config = value as Kubeconfig
  for (const list of ['clusters', 'users', 'contexts'] as const) {
    const entries: unknown = config[list] ?? []
    if (!Array.isArray(entries) || !entries.every(isNamed))
      throw new KubeconfigError(`kubeconfig ${file}: ${list} must be a list of named entries`)
  }
  return withAbsolutePaths(config, dirname(resolve(file)))
}

function isNamed(entry: unknown): boolean {
  return typeof entry === 'object' && entry !== null && typeof (entry as { name?: unknown }).name === 'string'
}

function withAbsolutePaths(config: Kubeconfig, directory: string): Kubeconfig {
  const absolute = (path: string) => (isAbsolute(path) ? path : join(directory, path))
  for (const { cluster } of config.clusters ?? []) {
    const authority = cluster?.['certificate-authority']
    if (authority) cluster['certificate-authority'] = absolute(authority)
  }
  for (const { user } of config.users ?? []) {
    for (const field of ['client-certificate', 'client-key', 'tokenFile'] as const) {
      const path = user?.[field]
      if (path) user[field] = absolute(path)
    }
    if (user?.exec?.command.includes('/')) user.exec.command = absolute(user.exec.command)
  }
  return config
}

function firstByName<T extends { readonly name: string }>(entries: readonly T[]): T[] {
  const byName = new Map<string, T>()
  for (const entry of entries) if (!byName.has(entry.name)) byName.set(entry.name, entry)
  return [...byName.values()]
}
