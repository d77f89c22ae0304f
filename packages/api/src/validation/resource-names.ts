import { type FieldPath, Quantity, validateQualifiedName } from '@treeline/machinery'
import type { Findings } from './findings.js'

/** Names of resources, and what may be said with them. */

const counted = [
  'pods',
  'resourcequotas',
  'services',
  'replicationcontrollers',
  'secrets',
  'configmaps',
  'persistentvolumeclaims',
  'services.nodeports',
  'services.loadbalancers',
]
const computed = ['cpu', 'memory', 'ephemeral-storage', 'requests.cpu', 'requests.memory', 'requests.ephemeral-storage']

const integers: ReadonlySet<string> = new Set(counted)
const standard: ReadonlySet<string> = new Set([...counted, ...computed, 'storage', 'requests.storage'])
const standardOfQuotas: ReadonlySet<string> = new Set([
  ...counted,
  ...computed,
  'requests.storage',
  'limits.cpu',
  'limits.memory',
  'limits.ephemeral-storage',
])
const ofContainers: ReadonlySet<string> = new Set(['cpu', 'memory', 'ephemeral-storage'])

const hugePages = 'hugepages-'

export const isHugePages = (name: string): boolean => name.startsWith(hugePages)
const isQuotaHugePages = (name: string): boolean => isHugePages(name) || name.startsWith(`requests.${hugePages}`)

/** Without a domain, or of a kubernetes.io domain. */
export const isNativeResource = (name: string): boolean => !name.includes('/') || name.includes('kubernetes.io/')

/** Of somebody else's domain: counted in whole numbers, never overcommitted. */
export function isExtendedResource(name: string): boolean {
  return !isNativeResource(name) && !name.startsWith('requests.') && validateQualifiedName(`requests.${name}`).length === 0
}

export const isIntegerResource = (name: string): boolean => integers.has(name) || isExtendedResource(name)

/** Whether requests may be below limits. */
export const isOvercommitAllowed = (name: string): boolean => isNativeResource(name) && !isHugePages(name)

export const isStandardQuotaResource = (name: string): boolean => standardOfQuotas.has(name) || isQuotaHugePages(name)

/** Whether an amount is a whole number of the pages its name tells. */
export function isWholePages(name: string, amount: Quantity): boolean {
  const size = parsed(name.slice(hugePages.length))
  if (!size || size.sign <= 0 || size.scaledValue(-3) % 1000n !== 0n) return false
  return amount.value() % size.value() === 0
}

function parsed(text: string): Quantity | undefined {
  try {
    return Quantity.parse(text)
  } catch {
    // The name says no size, which is what the caller asks.
    return undefined
  }
}

/** Any resource a cluster knows, or one with a domain. */
export function checkResourceName(found: Findings, name: string, path: FieldPath): void {
  const problems = validateQualifiedName(name)
  if (problems.length > 0) found.each(path, name, problems)
  else if (!name.includes('/') && !standard.has(name) && !isQuotaHugePages(name)) {
    found.invalid(path, name, 'must be a standard resource type or fully qualified')
  }
}

/** A resource a container can ask for. */
export function checkContainerResourceName(found: Findings, name: string, path: FieldPath): void {
  checkResourceName(found, name, path)
  if (!name.includes('/')) {
    if (!ofContainers.has(name) && !isHugePages(name)) found.invalid(path, name, 'must be a standard resource for containers')
  } else if (!isNativeResource(name) && !isExtendedResource(name)) {
    found.invalid(path, name, "doesn't follow extended resource name standard")
  }
}

/** A resource all containers of a pod can ask for together. */
export function checkPodResourceName(found: Findings, name: string, path: FieldPath): void {
  const before = found.count
  checkResourceName(found, name, path)
  if (found.count === before && name !== 'cpu' && name !== 'memory' && !isHugePages(name)) {
    found.notSupported(path, name, ['cpu', 'hugepages-', 'memory'])
  }
}

/** A resource a quota can limit. */
export function checkQuotaResourceName(found: Findings, name: string, path: FieldPath): void {
  checkResourceName(found, name, path)
  if (!name.includes('/') && !isStandardQuotaResource(name)) found.invalid(path, name, 'must be a standard resource for quota')
}
