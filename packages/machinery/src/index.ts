export * from './apply/index.js'
export { type Decoded, DecodeError, type DecodeOptions, decodeJson } from './encoding/decode-json.js'
export { decodeYaml } from './encoding/decode-yaml.js'
export { encodeYaml } from './encoding/encode-yaml.js'
export { type IntOrString, scaledIntOrPercent } from './int-or-percent.js'
export { formatJsonPathValue, type JsonPath, parseJsonPath } from './json-path/json-path.js'
export { JsonPathError } from './json-path/nodes.js'
export {
  maskTrailingDash,
  validateDns1035Label,
  validateDnsLabel,
  validateDnsSubdomain,
  validateDnsSubdomainWithUnderscore,
  validateWildcardDnsSubdomain,
} from './names/dns.js'
export * from './names/identifiers.js'
export { validateLabelValue, validateQualifiedName } from './names/label-names.js'
export { annotationsMaxBytes, validateAnnotations, validateLabelName, validateLabels } from './names/metadata.js'
export { type FormatRule, formatCheck, formatMessage, validateInRange } from './names/rules.js'
export * from './object.js'
export { deepCopy, getKey, setKey } from './objects/deep-copy.js'
export { deepEqual } from './objects/deep-equal.js'
export { deepFreeze } from './objects/deep-freeze.js'
export {
  applyJsonPatch,
  JsonPatchError,
  type JsonPatchLimits,
  type JsonPatchOperation,
  unknownJsonPatchFields,
} from './patch/json-patch.js'
export { applyMergePatch, createMergePatch } from './patch/merge-patch.js'
export { applyStrategicMergePatch } from './patch/strategic/apply-strategic.js'
export { createStrategicMergePatch } from './patch/strategic/create-strategic.js'
export * from './protobuf/index.js'
export { Quantity, type QuantityFormat } from './quantity/quantity.js'
export { RegexpError } from './regexp/parse.js'
export { Regexp, type RegexpMatch } from './regexp/regexp.js'
export * from './schema/check-fields.js'
export * from './schema/defaults.js'
export * from './schema/duration.js'
export * from './schema/json-object.js'
export * from './schema/normalise.js'
export * from './schema/prune.js'
export * from './schema/schema.js'
export { escapeFieldValue, type FieldRequirement, FieldSelector, parseFieldSelector } from './selectors/field-selector.js'
export type { LabelOperator, LabelRequirement, Labels } from './selectors/label-requirement.js'
export { LabelSelector } from './selectors/label-selector.js'
export {
  type LabelSelectorExpression,
  type LabelSelectorSource,
  type LabelSelectorValidation,
  labelSelectorFrom,
  labelSelectorFromSet,
  validateLabelSelector,
} from './selectors/meta-label-selector.js'
export { parseLabelSelector } from './selectors/parse-label-selector.js'
export { errors, type GenericResponseSubject, resourceName } from './status/errors.js'
export {
  aggregateMessages,
  type FieldError,
  type FieldErrorPath,
  type FieldErrorType,
  fieldErrorBody,
  fieldErrors,
  formatFieldError,
  omittedValue,
} from './status/field-error.js'
export { FieldPath } from './status/field-path.js'
export type { Status, StatusCause, StatusDetails, StatusReason } from './status/status.js'
export * from './status/status-error.js'
export { compactJson } from './text/compact-json.js'
export { fnv32a } from './text/fnv32a.js'
export { goFloat, goNumber, goValue } from './text/go-value.js'
export { isPrintable, quote } from './text/quote.js'
export { randomSuffix, safeEncode, suffixAlphabet } from './text/random-suffix.js'
export { formatMicroTime, formatTime, parseTime } from './time/format-time.js'
export { humanDuration, shortHumanDuration } from './time/human-duration.js'
