import type { CloudProviderFactory } from '@treeline/cloud-provider'
import { apiClient, parseConfig } from './api-client.js'
import { instances, scheme } from './instances.js'
import { loadBalancers } from './load-balancers.js'
import { routes } from './routes.js'

/** The cloud provider of the sandbox cloud; it knows the cloud only through its HTTP API. */
export const createCloudProvider: CloudProviderFactory = async ({ config, clusterName }) => {
  const api = apiClient(parseConfig(config))
  return {
    name: scheme,
    instances: instances(api),
    loadBalancers: loadBalancers(api, clusterName),
    routes: routes(api, clusterName),
    close: async () => api.close(),
  }
}
