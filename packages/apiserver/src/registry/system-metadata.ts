import { randomUUID } from 'node:crypto'
import { formatTime, type KubernetesObject, randomSuffix } from '@treeline/machinery'

const longestGeneratedBase = 58
const suffixLength = 5

/** Sets what the server alone decides when an object is created: uid and time; takes away the traces of another life. */
export function setSystemMetadata(object: KubernetesObject, now: number): void {
  const { metadata } = object
  metadata.uid = randomUUID()
  metadata.creationTimestamp = formatTime(new Date(now))
  delete metadata.deletionTimestamp
  delete metadata.deletionGracePeriodSeconds
  delete metadata.selfLink
}

/** A name for an object that only says how its name begins. */
export function generateName(base: string): string {
  return base.slice(0, longestGeneratedBase) + randomSuffix(suffixLength)
}
