export { type Kubelet, startKubelet } from './kubelet.js'
export { KubeletHost, type KubeletHostOptions } from './kubelet-host.js'
export type { KeyPair, KubeletOptions } from './options.js'
export type { PodEndpoint } from './probes/outcome.js'
