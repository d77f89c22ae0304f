import type { Field } from '@treeline/machinery'

/** apiVersion and kind of a whole object. They have no protobuf numbers: the envelope carries them. */
export const typeMetaFields: readonly (readonly [string, Field])[] = [
  ['kind', { schema: { type: 'string' }, description: 'What the object is, in CamelCase.' }],
  ['apiVersion', { schema: { type: 'string' }, description: 'Group and version of the schema the object is written in.' }],
]
