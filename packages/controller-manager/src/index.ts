export type { SigningAuthority } from './certificates/index.js'
export { type ControllerEntry, type ControllerEnvironment, type ControllerSettings, controllerTable } from './controller-table.js'
export { type StartControllersOptions, startControllers } from './start-controllers.js'
