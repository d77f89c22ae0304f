import type { CloudProviderFactory, EmbeddedCloudFactory } from '@treeline/cloud-provider'
import { UsageError } from './usage-error.js'

/** The face of a provider's package. */
export interface ProviderPackage {
  readonly createCloudProvider?: CloudProviderFactory
  readonly createEmbeddedCloud?: EmbeddedCloudFactory
}

/** Loads a provider by name: `@treeline/provider-NAME`, or a third party's package by its whole name. */
export async function loadProvider(name: string): Promise<ProviderPackage> {
  const specifier = name.includes('/') ? name : `@treeline/provider-${name}`
  try {
    return (await import(specifier)) as ProviderPackage
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_MODULE_NOT_FOUND' && String(error).includes(specifier))
      throw new UsageError(`unknown cloud provider "${name}": there is no package ${specifier}`)
    throw error
  }
}
