import { eventTypes } from './event.js'

/** Every declared type of events.v1. */
export const eventsV1Types = { ...eventTypes } as const
