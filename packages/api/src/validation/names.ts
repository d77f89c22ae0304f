import {
  type FieldPath,
  validateConfigMapKey,
  validateDnsLabel,
  validateDnsSubdomain,
  validatePortName,
  validatePortNumber,
  validateQualifiedName,
} from '@treeline/machinery'
import type { Findings } from './findings.js'

/** Names of most objects. */
export function checkSubdomain(found: Findings, value: string, path: FieldPath): void {
  found.each(path, value, validateDnsSubdomain(value))
}

/** Names of containers, volumes, namespaces. */
export function checkLabel(found: Findings, value: string, path: FieldPath): void {
  found.each(path, value, validateDnsLabel(value))
}

/** `name` or `example.com/name`. */
export function checkQualifiedName(found: Findings, value: string, path: FieldPath): void {
  found.each(path, value, validateQualifiedName(value))
}

/** Required, and the name of an object. */
export function requireSubdomain(found: Findings, value: string | undefined, path: FieldPath): void {
  if (!value) found.required(path)
  else checkSubdomain(found, value, path)
}

/** Required, and a DNS label. */
export function requireLabel(found: Findings, value: string | undefined, path: FieldPath): void {
  if (!value) found.required(path)
  else checkLabel(found, value, path)
}

/** Required, and a key of a ConfigMap or Secret. */
export function requireDataKey(found: Findings, value: string | undefined, path: FieldPath): void {
  if (!value) found.required(path)
  else found.each(path, value, validateConfigMapKey(value))
}

/** A port by number or by name. */
export function checkPortNumberOrName(found: Findings, port: number | string | undefined, path: FieldPath): void {
  if (typeof port === 'string') found.each(path, port, validatePortName(port))
  else checkPortNumber(found, port ?? 0, path)
}

export function checkPortNumber(found: Findings, port: number, path: FieldPath): void {
  found.each(path, port, validatePortNumber(port))
}
