export { type ApplyRequest, applyPatch } from './apply-patch.js'
export { type Comparison, compareObjects } from './compare.js'
export {
  difference,
  emptyFieldSet,
  equalSets,
  type FieldSet,
  fieldSetOf,
  fieldSetOfFields,
  hasPath,
  intersection,
  inWireOrder,
  parseFieldsV1,
  pathsOf,
  recursiveDifference,
  union,
} from './field-set.js'
export type { ConvertObject, OwnershipContext, VersionedObject } from './ownership.js'
export { type PathElement, pathText } from './path-element.js'
export { recordUpdate, type UpdateRecord } from './record-update.js'
export { fromScaleFields, type ReplicasPaths, toScaleFields } from './scale-fields.js'
export { keepUnchangedTimes } from './timestamps.js'
export { toFieldSet } from './to-field-set.js'
