import type { UserInfo } from './authenticator.js'

/** Users and groups that have a meaning of their own. */
export const anonymousUser = 'system:anonymous'
export const unauthenticatedGroup = 'system:unauthenticated'
export const authenticatedGroup = 'system:authenticated'
/** Members may do everything; no role takes it from them. */
export const mastersGroup = 'system:masters'
export const nodesGroup = 'system:nodes'
export const nodeUserPrefix = 'system:node:'
export const serviceAccountsGroup = 'system:serviceaccounts'
export const serviceAccountUserPrefix = 'system:serviceaccount:'

/** The API server's own identity, for what it does in its own name. */
export const apiServerUser: UserInfo = { name: 'system:apiserver', groups: [mastersGroup, authenticatedGroup] }

/** Whoever offers no credential. */
export const anonymous: UserInfo = { name: anonymousUser, groups: [unauthenticatedGroup] }

/** Key of `extra` under which the credential itself is named, for audit. */
export const credentialIdKey = 'authentication.kubernetes.io/credential-id'
export const podNameKey = 'authentication.kubernetes.io/pod-name'
export const podUidKey = 'authentication.kubernetes.io/pod-uid'
export const nodeNameKey = 'authentication.kubernetes.io/node-name'
export const nodeUidKey = 'authentication.kubernetes.io/node-uid'

/** `system:serviceaccount:NAMESPACE:NAME`. */
export function serviceAccountUserName(namespace: string, name: string): string {
  return `${serviceAccountUserPrefix}${namespace}:${name}`
}

/** The groups every service account of a namespace is in. */
export function serviceAccountGroups(namespace: string): string[] {
  return [serviceAccountsGroup, `${serviceAccountsGroup}:${namespace}`]
}

/** Namespace and name of a service account's user name; undefined for every other user name. */
export function parseServiceAccountUserName(userName: string): { namespace: string; name: string } | undefined {
  if (!userName.startsWith(serviceAccountUserPrefix)) return undefined
  const [namespace, name, ...rest] = userName.slice(serviceAccountUserPrefix.length).split(':')
  if (!namespace || !name || rest.length > 0 || !dnsLabel.test(namespace) || !dnsSubdomain.test(name)) return undefined
  return { namespace, name }
}

/** The node a user speaks for: the part behind `system:node:` of a member of `system:nodes`. */
export function nodeNameOf(user: UserInfo): string | undefined {
  if (!user.name.startsWith(nodeUserPrefix) || !user.groups.includes(nodesGroup)) return undefined
  return user.name.slice(nodeUserPrefix.length)
}

/** The user with `system:authenticated` added, unless it is in it, or is expressly unauthenticated. */
export function withAuthenticatedGroup(user: UserInfo): UserInfo {
  if (user.groups.includes(authenticatedGroup) || user.groups.includes(unauthenticatedGroup)) return user
  let authenticated = authenticatedUsers.get(user)
  if (!authenticated) {
    authenticated = { ...user, groups: [...user.groups, authenticatedGroup] }
    authenticatedUsers.set(user, authenticated)
  }
  return authenticated
}

/** The same object for the same user: authorization keeps what it found with it. */
const authenticatedUsers = new WeakMap<UserInfo, UserInfo>()

const dnsLabel = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/
const dnsSubdomain = /^(?=.{1,253}$)[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/
