/** A file, directory or link that exists in memory only. */
export type MemoryEntry =
  | { readonly kind: 'file'; data: Buffer; mode: number; modified: number }
  | { readonly kind: 'directory'; mode: number; modified: number; readonly children: Map<string, MemoryEntry> }
  | { readonly kind: 'link'; readonly target: string; readonly modified: number }

/** What a path leads to, as `stat` tells it. */
export interface FileFacts {
  readonly kind: 'file' | 'directory' | 'link' | 'device'
  readonly size: number
  readonly mode: number
  /** Milliseconds since the epoch. */
  readonly modified: number
  readonly target?: string
}

/** A failure of a file operation, in the words of a C library. */
export class FileError extends Error {
  override readonly name = 'FileError'
}

export const noSuchFile = 'No such file or directory'
export const isDirectory = 'Is a directory'
export const notDirectory = 'Not a directory'

/** An absolute path without `.`, `..` and double slashes. */
export function normalPath(cwd: string, path: string): string {
  const parts: string[] = []
  for (const part of (path.startsWith('/') ? path : `${cwd}/${path}`).split('/')) {
    if (part === '' || part === '.') continue
    if (part === '..') parts.pop()
    else parts.push(part)
  }
  return `/${parts.join('/')}`
}

/** The directories every container has, with what is in them at first. */
export function freshRoot(files: Readonly<Record<string, string>>): MemoryEntry & { kind: 'directory' } {
  const root = directory()
  for (const path of [
    'bin',
    'dev',
    'etc',
    'home',
    'mnt',
    'opt',
    'proc',
    'root',
    'run',
    'srv',
    'sys',
    'tmp',
    'usr/bin',
    'var/log',
    'var/run',
  ]) {
    makePath(root, path)
  }
  for (const [path, text] of Object.entries(files)) {
    const parts = path.split('/').filter(Boolean)
    const name = parts.pop() ?? ''
    makePath(root, parts.join('/')).children.set(name, { kind: 'file', data: Buffer.from(text), mode: 0o644, modified: Date.now() })
  }
  return root
}

export function directory(): MemoryEntry & { kind: 'directory' } {
  return { kind: 'directory', mode: 0o755, modified: Date.now(), children: new Map() }
}

function makePath(root: MemoryEntry & { kind: 'directory' }, path: string): MemoryEntry & { kind: 'directory' } {
  let at = root
  for (const name of path.split('/').filter(Boolean)) {
    const child = at.children.get(name)
    if (child?.kind === 'directory') at = child
    else {
      const made = directory()
      at.children.set(name, made)
      at = made
    }
  }
  return at
}
