import { flowSchemaTypes } from './flow-schema.js'
import { priorityLevelConfigurationTypes } from './priority-level-configuration.js'

/** Every declared type of flowcontrol.v1. */
export const flowcontrolV1Types = { ...flowSchemaTypes, ...priorityLevelConfigurationTypes } as const
