export type { BootInstance, EmbeddedCloud, EmbeddedCloudFactory, EmbeddedCloudOptions, RunningNode } from './embedded-cloud.js'
export { CloudError, type CloudErrorKind, cloudErrorOf } from './errors.js'
export { defaultLoadBalancerName, type LoadBalancers } from './load-balancers.js'
export type {
  CloudProvider,
  CloudProviderFactory,
  CloudProviderOptions,
  InstanceDescription,
  InstanceMetadata,
  Instances,
} from './provider.js'
export type { NewRoute, Route, Routes } from './routes.js'
