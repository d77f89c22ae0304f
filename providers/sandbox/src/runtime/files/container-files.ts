import { appendFile, lstat, mkdir, readdir, readFile, realpath, rename, rm, stat, writeFile } from 'node:fs/promises'
import { dirname, join, relative } from 'node:path'
import {
  directory,
  FileError,
  type FileFacts,
  freshRoot,
  isDirectory,
  type MemoryEntry,
  normalPath,
  noSuchFile,
  notDirectory,
} from './file-tree.js'

/** A directory or file of the node that a container sees at a path. */
export interface FileMount {
  readonly containerPath: string
  readonly hostPath: string
  readonly readOnly: boolean
}

/** Bytes that a container's own files may hold; volumes are not counted. */
const largestRoot = 64 * 1024 * 1024
const readOnlyFileSystem = 'Read-only file system'

/**
 * What a simulated container sees as its file system: its volumes, which are real files of the node, over a small tree
 * in memory that starts out with the usual directories. All paths are absolute and normal. Failures are FileErrors.
 */
export class ContainerFiles {
  readonly #root: MemoryEntry & { kind: 'directory' }
  readonly #mounts: readonly FileMount[]
  #used = 0

  constructor(mounts: readonly FileMount[], files: Readonly<Record<string, string>>) {
    this.#mounts = [...mounts].sort((a, b) => b.containerPath.length - a.containerPath.length)
    this.#root = freshRoot(files)
    for (const { containerPath } of mounts) this.#makeDirectories(dirname(containerPath))
  }

  async facts(path: string, followLinks = true): Promise<FileFacts> {
    if (path === '/dev/null') return { kind: 'device', size: 0, mode: 0o666, modified: 0 }
    const place = this.#onNode(path)
    if (place !== undefined) return nodeFacts(await orMissing(followLinks ? stat(place.path) : lstat(place.path)))
    const entry = this.#inMemory(path, followLinks)
    return {
      kind: entry.kind,
      size: entry.kind === 'file' ? entry.data.length : 0,
      mode: entry.kind === 'link' ? 0o777 : entry.mode,
      modified: entry.modified,
      ...(entry.kind === 'link' ? { target: entry.target } : {}),
    }
  }

  async exists(path: string): Promise<boolean> {
    return (await this.facts(path).catch(() => undefined)) !== undefined
  }

  /** Names in a directory, sorted. */
  async list(path: string): Promise<string[]> {
    const place = this.#onNode(path)
    if (place !== undefined) {
      if (!(await orMissing(stat(place.path))).isDirectory()) throw new FileError(notDirectory)
      return (await readdir(place.path)).sort()
    }
    const entry = this.#inMemory(path)
    if (entry.kind !== 'directory') throw new FileError(notDirectory)
    const mounted = this.#mounts
      .filter((mount) => dirname(mount.containerPath) === path)
      .map((mount) => mount.containerPath.split('/').at(-1) ?? '')
    return [...new Set([...entry.children.keys(), ...mounted])].sort()
  }

  async read(path: string): Promise<Buffer> {
    if (path === '/dev/null') return Buffer.alloc(0)
    const place = this.#onNode(path)
    if (place !== undefined) {
      await this.#stayInside(place)
      if ((await orMissing(stat(place.path))).isDirectory()) throw new FileError(isDirectory)
      return readFile(place.path)
    }
    const entry = this.#inMemory(path)
    if (entry.kind !== 'file') throw new FileError(isDirectory)
    return entry.data
  }

  async write(path: string, data: Buffer, options: { append?: boolean; mode?: number } = {}): Promise<void> {
    if (path === '/dev/null') return
    const place = this.#onNode(path)
    if (place !== undefined) {
      this.#refuseReadOnly(place)
      await this.#stayInside({ ...place, path: dirname(place.path) })
      await orMissing(options.append ? appendFile(place.path, data) : writeFile(place.path, data, { mode: options.mode ?? 0o644 }))
      return
    }
    const parent = this.#directoryOf(path)
    const name = path.split('/').at(-1) ?? ''
    const old = parent.children.get(name)
    if (old?.kind === 'directory') throw new FileError(isDirectory)
    const whole = options.append && old?.kind === 'file' ? Buffer.concat([old.data, data]) : Buffer.from(data)
    this.#account(whole.length - (old?.kind === 'file' ? old.data.length : 0))
    const mode = options.mode ?? (old?.kind === 'file' ? old.mode : 0o644)
    parent.children.set(name, { kind: 'file', data: whole, mode, modified: Date.now() })
  }

  async makeDirectory(path: string, parents: boolean): Promise<void> {
    const place = this.#onNode(path)
    if (place !== undefined) {
      this.#refuseReadOnly(place)
      await orMissing(mkdir(place.path, { recursive: parents }))
      return
    }
    if (parents) return this.#makeDirectories(path)
    const parent = this.#directoryOf(path)
    const name = path.split('/').at(-1) ?? ''
    if (parent.children.has(name)) throw new FileError('File exists')
    parent.children.set(name, directory())
  }

  async makeLink(path: string, target: string): Promise<void> {
    if (this.#onNode(path) !== undefined) throw new FileError('Operation not permitted')
    this.#directoryOf(path).children.set(path.split('/').at(-1) ?? '', { kind: 'link', target, modified: Date.now() })
  }

  async remove(path: string, recursive: boolean): Promise<void> {
    const place = this.#onNode(path)
    if (place !== undefined) {
      this.#refuseReadOnly(place)
      if (place.mount.containerPath === path) throw new FileError('Device or resource busy')
      await orMissing(rm(place.path, { recursive }))
      return
    }
    const parent = this.#directoryOf(path)
    const name = path.split('/').at(-1) ?? ''
    const entry = parent.children.get(name)
    if (entry === undefined) throw new FileError(noSuchFile)
    if (entry.kind === 'directory' && !recursive) throw new FileError(isDirectory)
    this.#account(-sizeOf(entry))
    parent.children.delete(name)
  }

  async move(from: string, to: string): Promise<void> {
    const [source, target] = [this.#onNode(from), this.#onNode(to)]
    if (source !== undefined && target !== undefined && source.mount === target.mount) {
      this.#refuseReadOnly(source)
      await orMissing(rename(source.path, target.path))
      return
    }
    const { mode } = await this.facts(from)
    await this.write(to, await this.read(from), { mode })
    await this.remove(from, true)
  }

  #onNode(path: string): { path: string; mount: FileMount } | undefined {
    for (const mount of this.#mounts) {
      if (path === mount.containerPath) return { path: mount.hostPath, mount }
      if (path.startsWith(`${mount.containerPath}/`)) return { path: join(mount.hostPath, path.slice(mount.containerPath.length)), mount }
    }
    return undefined
  }

  /** A link in a volume must not lead anywhere else on the node. */
  async #stayInside({ path, mount }: { path: string; mount: FileMount }): Promise<void> {
    const [root, actual] = await Promise.all([orMissing(realpath(mount.hostPath)), orMissing(realpath(path))])
    if (relative(root, actual).startsWith('..')) throw new FileError('Permission denied')
  }

  #refuseReadOnly({ mount }: { mount: FileMount }): void {
    if (mount.readOnly) throw new FileError(readOnlyFileSystem)
  }

  #inMemory(path: string, followLinks = true, hops = 0): MemoryEntry {
    let at: MemoryEntry = this.#root
    const parts = path.split('/').filter(Boolean)
    for (const [index, name] of parts.entries()) {
      if (at.kind !== 'directory') throw new FileError(notDirectory)
      const child: MemoryEntry | undefined = at.children.get(name)
      if (child === undefined) throw new FileError(noSuchFile)
      const last = index === parts.length - 1
      if (child.kind === 'link' && (followLinks || !last)) {
        if (hops > 20) throw new FileError('Too many levels of symbolic links')
        const base = `/${parts.slice(0, index).join('/')}`
        return this.#inMemory(normalPath(base, [child.target, ...parts.slice(index + 1)].join('/')), followLinks, hops + 1)
      }
      at = child
    }
    return at
  }

  #directoryOf(path: string): MemoryEntry & { kind: 'directory' } {
    const entry = this.#inMemory(dirname(path))
    if (entry.kind !== 'directory') throw new FileError(notDirectory)
    return entry
  }

  #makeDirectories(path: string): void {
    let at = this.#root
    for (const name of path.split('/').filter(Boolean)) {
      const child = at.children.get(name)
      if (child !== undefined && child.kind !== 'directory') throw new FileError(notDirectory)
      const next = child ?? directory()
      at.children.set(name, next)
      at = next
    }
  }

  #account(bytes: number): void {
    if (this.#used + bytes > largestRoot) throw new FileError('No space left on device')
    this.#used += bytes
  }
}

function sizeOf(entry: MemoryEntry): number {
  if (entry.kind === 'file') return entry.data.length
  return entry.kind === 'directory' ? [...entry.children.values()].reduce((sum, child) => sum + sizeOf(child), 0) : 0
}

function nodeFacts(found: Awaited<ReturnType<typeof stat>>): FileFacts {
  return {
    kind: found.isDirectory() ? 'directory' : found.isSymbolicLink() ? 'link' : found.isFile() ? 'file' : 'device',
    size: Number(found.size),
    mode: Number(found.mode) & 0o7777,
    modified: Number(found.mtimeMs),
  }
}

const words: Readonly<Record<string, string>> = {
  ENOENT: noSuchFile,
  EISDIR: isDirectory,
  ENOTDIR: notDirectory,
  EACCES: 'Permission denied',
  EPERM: 'Operation not permitted',
  EEXIST: 'File exists',
  ENOTEMPTY: 'Directory not empty',
  ERR_FS_EISDIR: isDirectory,
}

async function orMissing<T>(operation: Promise<T>): Promise<T> {
  try {
    return await operation
  } catch (error) {
    const { code = '', message } = error as NodeJS.ErrnoException
    throw new FileError(words[code] ?? message, { cause: error })
  }
}
