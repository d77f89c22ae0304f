export { type Endpoint, forwardingOf, type PortForwarding, type ServiceForwarding } from './forwarding.js'
export { type ServiceProxy, startServiceProxy } from './service-proxy.js'
