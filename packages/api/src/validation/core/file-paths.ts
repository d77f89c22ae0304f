import type { FieldPath } from '@treeline/machinery'
import type { Findings } from '../findings.js'

/** No step of the path leads up. */
export function checkNoBacksteps(found: Findings, target: string, path: FieldPath): void {
  if (hasBacksteps(target)) found.invalid(path, target, "must not contain '..'")
}

export const hasBacksteps = (target: string): boolean => target.split('/').includes('..')

/** Relative, and never upwards. */
export function checkDescendingPath(found: Findings, target: string, path: FieldPath): void {
  if (target.startsWith('/')) found.invalid(path, target, 'must be a relative path')
  checkNoBacksteps(found, target, path)
}

/** Relative, never upwards, and not where the kubelet keeps its own files. */
export function checkLocalPath(found: Findings, target: string, path: FieldPath): void {
  checkDescendingPath(found, target, path)
  if (target.startsWith('..') && !target.startsWith('../')) found.invalid(path, target, "must not start with '..'")
}
