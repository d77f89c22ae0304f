import { priorityClassTypes } from './priority-class.js'

/** Every declared type of scheduling.v1. */
export const schedulingV1Types = { ...priorityClassTypes } as const
