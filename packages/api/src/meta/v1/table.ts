import { discoveryTypes } from './discovery.js'
import { objectMetaTypes } from './object-meta.js'
import { optionsTypes } from './options.js'
import { statusTypes } from './status.js'
import { tableAnswerTypes } from './table-answer.js'

/** Every declared type of meta.v1. */
export const metaV1Types = { ...objectMetaTypes, ...optionsTypes, ...discoveryTypes, ...statusTypes, ...tableAnswerTypes } as const
