/** What the cloud offers. */
export const region = 'local-1'
export const zones = ['local-1a', 'local-1b', 'local-1c'] as const

export interface InstanceType {
  readonly cpu: string
  readonly memory: string
  readonly pods: string
  readonly ephemeralStorage: string
}

export const instanceTypes: Readonly<Record<string, InstanceType>> = {
  'sandbox.medium': { cpu: '4', memory: '8Gi', pods: '110', ephemeralStorage: '100Gi' },
  'sandbox.large': { cpu: '16', memory: '64Gi', pods: '250', ephemeralStorage: '500Gi' },
}

export const defaultInstanceType = 'sandbox.medium'
