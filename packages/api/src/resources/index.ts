export * from './amounts.js'
export { isBestEffort, podLimits, podRequests } from './pod-resources.js'
export * from './quota-usage.js'
