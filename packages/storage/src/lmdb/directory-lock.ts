import { randomUUID } from 'node:crypto'
import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** Another process, or another part of this one, holds the directory. */
export class DirectoryLockedError extends Error {
  override readonly name = 'DirectoryLockedError'
  constructor(
    readonly directory: string,
    readonly pid: number,
  ) {
    super(`${directory} is in use by process ${pid}${pid === process.pid ? ' (this process)' : ''}`)
  }
}

/**
 * Takes a directory for this process alone and returns the function that gives it back. The lock is a file that names
 * its holder; one left by a holder that is dead is taken over, so a crash needs no cleaning up.
 * Throws DirectoryLockedError. Does not see holders on other machines or in other PID namespaces.
 */
export function lockDirectory(directory: string): () => void {
  const lock = join(directory, 'store.lock')
  const claim = `${lock}.${randomUUID()}`
  const mine = JSON.stringify({ pid: process.pid, started: startOf(process.pid), claim: claim.slice(lock.length + 1) })
  writeFileSync(claim, mine, { mode: 0o600, flag: 'wx' })
  try {
    if (!linkIfAbsent(claim, lock)) takeOver(directory, lock, claim)
  } finally {
    rmSync(claim, { force: true })
  }
  return () => {
    if (read(lock) === mine) rmSync(lock)
  }
}

/** Replaces the lock of a dead holder. A second lock, held for an instant, keeps two that try at once apart. */
function takeOver(directory: string, lock: string, claim: string): void {
  const found = read(lock)
  refuseIfAlive(directory, found)
  const turn = `${lock}.takeover`
  if (!linkIfAbsent(claim, turn)) {
    refuseIfAlive(directory, read(turn))
    rmSync(turn, { force: true })
    if (!linkIfAbsent(claim, turn)) throw new DirectoryLockedError(directory, holderOf(read(turn))?.pid ?? 0)
  }
  try {
    const now = read(lock)
    if (now !== found) refuseIfAlive(directory, now)
    renameSync(claim, lock)
  } finally {
    rmSync(turn, { force: true })
  }
}

function refuseIfAlive(directory: string, content: string | undefined): void {
  const holder = holderOf(content)
  if (holder && isAlive(holder)) throw new DirectoryLockedError(directory, holder.pid)
}

interface Holder {
  readonly pid: number
  /** When the process began, where the system tells: a later process with the same pid is another one. */
  readonly started: string
}

/** `undefined` if the file is gone or was never completely written. */
function holderOf(content: string | undefined): Holder | undefined {
  if (content === undefined) return undefined
  try {
    const { pid, started } = JSON.parse(content) as Partial<Holder>
    return Number.isSafeInteger(pid) && typeof started === 'string' ? { pid: pid as number, started } : undefined
  } catch {
    return undefined
  }
}

function isAlive({ pid, started }: Holder): boolean {
  try {
    process.kill(pid, 0)
  } catch (error) {
    // EPERM: it lives, under another user.
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false
  }
  return startOf(pid) === started
}

/** A text that differs between two processes with one pid; empty where there is no /proc. */
function startOf(pid: number): string {
  const stat = read(`/proc/${pid}/stat`)
  const boot = read('/proc/sys/kernel/random/boot_id')
  if (stat === undefined || boot === undefined) return ''
  // The name of the program, in parentheses, may hold anything. The start time is the 20th field after it.
  const ticks = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]
  return `${boot.trim()}/${ticks}`
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

function linkIfAbsent(from: string, to: string): boolean {
  try {
    linkSync(from, to)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  }
}
