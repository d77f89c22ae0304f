import { apiServiceTypes } from './api-service.js'

/** Every declared type of apiregistration.v1. */
export const apiregistrationV1Types = { ...apiServiceTypes } as const
