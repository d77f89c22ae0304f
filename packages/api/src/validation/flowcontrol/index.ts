import type { ValidationsTable } from '../../declaration/validations.js'
import { flowSchemaValidation } from './flow-schema.js'
import { priorityLevelValidation } from './priority-level.js'

export const flowcontrolValidations: ValidationsTable = {
  'flowcontrol.v1.FlowSchema': flowSchemaValidation,
  'flowcontrol.v1.PriorityLevelConfiguration': priorityLevelValidation,
}
