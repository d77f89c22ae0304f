import type { IncomingHttpHeaders } from 'node:http'
import { errors } from '@treeline/machinery'
import type { AuthorizationAttributes, Authorizer } from '../authorization/authorizer.js'
import { forbidden } from '../authorization/forbidden.js'
import { decodeExtraKey, headerValues } from './attempt.js'
import type { UserInfo } from './authenticator.js'
import { anonymousUser, authenticatedGroup, parseServiceAccountUserName, serviceAccountGroups, unauthenticatedGroup } from './identities.js'

const extraPrefix = 'impersonate-extra-'

/** What the Impersonate headers ask for. */
interface Impersonation {
  readonly user: string
  readonly groups: readonly string[]
  readonly uid: string
  readonly extra: ReadonlyMap<string, readonly string[]>
}

/**
 * The user a request asks to be taken for, after every part of it was authorized for `requester`; undefined when none
 * is asked for. Throws 400 when there are groups, uid or extra but no user, and 403.
 */
export async function impersonatedUser(
  headers: IncomingHttpHeaders,
  requester: UserInfo,
  authorizer: Authorizer,
): Promise<UserInfo | undefined> {
  const asked = readImpersonation(headers)
  if (!asked) return undefined
  for (const attributes of requests(asked, requester)) {
    const { decision, reason } = await authorizer.authorize(attributes)
    if (decision !== 'Allow') throw forbidden(attributes, reason)
  }
  return {
    name: asked.user,
    ...(asked.uid === '' ? {} : { uid: asked.uid }),
    groups: effectiveGroups(asked),
    extra: Object.fromEntries(asked.extra),
  }
}

/** Removes the headers of impersonation, so that nothing behind this server sees them again. */
export function withoutImpersonation(headers: IncomingHttpHeaders): IncomingHttpHeaders {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !name.startsWith('impersonate-')))
}

function readImpersonation(headers: IncomingHttpHeaders): Impersonation | undefined {
  const user = headerValues(headers['impersonate-user'])[0] ?? ''
  const groups = headerValues(headers['impersonate-group'])
  const uid = headerValues(headers['impersonate-uid'])[0] ?? ''
  const extra = new Map<string, readonly string[]>()
  for (const name in headers) {
    if (!name.startsWith(extraPrefix)) continue
    const key = decodeExtraKey(name.slice(extraPrefix.length))
    extra.set(key, [...(extra.get(key) ?? []), ...headerValues(headers[name])])
  }
  if (user !== '') return { user, groups, uid, extra }
  if (groups.length > 0 || uid !== '' || extra.size > 0) {
    throw errors.badRequest('requested impersonation of groups, uid or extra fields without impersonating a user')
  }
  return undefined
}

/** One authorization request for each thing that is asked for. */
function requests(asked: Impersonation, user: UserInfo): AuthorizationAttributes[] {
  const impersonate = { user, verb: 'impersonate', version: 'v1' }
  const account = parseServiceAccountUserName(asked.user)
  return [
    account
      ? { ...impersonate, group: '', resource: 'serviceaccounts', ...account }
      : { ...impersonate, group: '', resource: 'users', name: asked.user },
    ...asked.groups.map((name) => ({ ...impersonate, group: '', resource: 'groups', name })),
    ...[...asked.extra].flatMap(([key, values]) =>
      values.map((name) => ({ ...impersonate, group: 'authentication.k8s.io', resource: 'userextras', subresource: key, name })),
    ),
    ...(asked.uid === '' ? [] : [{ ...impersonate, group: 'authentication.k8s.io', resource: 'uids', name: asked.uid }]),
  ]
}

/** Given groups are the authority; a service account without any has those of its namespace. */
function effectiveGroups(asked: Impersonation): string[] {
  const account = parseServiceAccountUserName(asked.user)
  const groups = asked.groups.length === 0 && account ? serviceAccountGroups(account.namespace) : [...asked.groups]
  if (asked.user === anonymousUser) return groups.includes(unauthenticatedGroup) ? groups : [...groups, unauthenticatedGroup]
  const decided = groups.includes(authenticatedGroup) || groups.includes(unauthenticatedGroup)
  return decided ? groups : [...groups, authenticatedGroup]
}
