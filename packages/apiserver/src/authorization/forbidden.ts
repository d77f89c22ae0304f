import { errors, quote, type StatusError } from '@treeline/machinery'
import type { AuthorizationAttributes } from './authorizer.js'

/** The 403 for what an authorizer did not allow; `reason` ends the sentence when there is one. */
export function forbidden(attributes: AuthorizationAttributes, reason: string): StatusError {
  const { group = '', resource = '', name = '' } = attributes
  const sentence = withoutMarkup(deniedSentence(attributes))
  return errors.forbidden({ group, resource }, name, reason === '' ? sentence : `${sentence}: ${reason}`)
}

/** `User "u" cannot get resource "pods" in API group "" in the namespace "n"`. */
export function deniedSentence(attributes: AuthorizationAttributes): string {
  const { user, verb, path, group = '', resource = '', subresource = '', namespace = '' } = attributes
  const subject = `User ${quote(user.name)} cannot ${verb}`
  if (path !== undefined) return `${subject} path ${quote(path)}`
  const full = subresource === '' ? resource : `${resource}/${subresource}`
  const scope = namespace === '' ? 'at the cluster scope' : `in the namespace ${quote(namespace)}`
  return `${subject} resource ${quote(full)} in API group ${quote(group)} ${scope}`
}

// The message may be shown by a browser.
const withoutMarkup = (text: string): string => text.replace(/[&<>]/g, (character) => markup[character] ?? character)
const markup: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' }
