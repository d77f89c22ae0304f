export { type ServiceProxy, startServiceProxy } from './service-proxy.js'
