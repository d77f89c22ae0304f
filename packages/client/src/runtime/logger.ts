import type { Logger } from '../controller.js'

const nothing = () => undefined

/** Logs nothing. */
export const silentLogger: Logger = { info: nothing, warn: nothing, error: nothing }
