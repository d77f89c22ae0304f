import { errors, type StatusError } from '@treeline/machinery'
import type { AdmissionAttributes } from './admission.js'

/** The 403 of a plug-in. A name that is still to be generated is told by its beginning. */
export function refused(attributes: AdmissionAttributes, message: string): StatusError {
  const { kind, name, object } = attributes
  const told = name || object?.metadata?.name || object?.metadata?.generateName || 'Unknown'
  return errors.forbidden({ group: kind.group, resource: kind.plural }, told, message)
}

/** Whether a request is about `resource` (with its group behind a dot) itself, or about one of its subresources. */
export function isAbout(attributes: AdmissionAttributes, resource: string, subresource = ''): boolean {
  const { kind } = attributes
  const name = kind.group === '' ? kind.plural : `${kind.plural}.${kind.group}`
  return name === resource && (attributes.subresource ?? '') === subresource
}
