export type { CloudContext } from './cloud-context.js'
export { type CloudControllerOptions, cloudControllers, startCloudControllers } from './cloud-controllers.js'
export { type AbsenceRules, defaultAbsenceRules } from './node-lifecycle/absence.js'
