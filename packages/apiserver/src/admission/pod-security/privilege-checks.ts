import { type Check, containersOf, named, namesWhere, quoted, setters, sorted } from './finding.js'

/** What container runtimes give a container anyway. */
const defaultCapabilities: readonly string[] = [
  'AUDIT_WRITE',
  'CHOWN',
  'DAC_OVERRIDE',
  'FOWNER',
  'FSETID',
  'KILL',
  'MKNOD',
  'NET_BIND_SERVICE',
  'SETFCAP',
  'SETGID',
  'SETPCAP',
  'SETUID',
  'SYS_CHROOT',
]

/** Who adds capabilities other than `allowed`, as a sentence. */
function addedCapabilities({ spec }: Parameters<Check>[0], allowed: readonly string[]): string | undefined {
  const isForbidden = (capability: string): boolean => !allowed.includes(capability)
  const names = namesWhere(spec, ({ securityContext }) => securityContext?.capabilities?.add?.some(isForbidden) ?? false)
  if (names.length === 0) return undefined
  const added = containersOf(spec).flatMap(({ securityContext }) => securityContext?.capabilities?.add ?? [])
  return `${named('container', names)} must not include ${quoted(sorted(added.filter(isForbidden)))} in securityContext.capabilities.add`
}

export const nonDefaultCapabilities: Check = (pod) => {
  const detail = addedCapabilities(pod, defaultCapabilities)
  return detail === undefined ? undefined : { reason: 'non-default capabilities', detail }
}

export const droppedCapabilities: Check = (pod) => {
  const keeping = namesWhere(pod.spec, ({ securityContext }) => !securityContext?.capabilities?.drop?.includes('ALL'))
  const added = addedCapabilities(pod, ['NET_BIND_SERVICE'])
  const details = [
    ...(keeping.length > 0 ? [`${named('container', keeping)} must set securityContext.capabilities.drop=["ALL"]`] : []),
    ...(added === undefined ? [] : [added]),
  ]
  return details.length === 0 ? undefined : { reason: 'unrestricted capabilities', detail: details.join('; ') }
}

export const privilegeEscalation: Check = ({ spec }) => {
  const names = namesWhere(spec, ({ securityContext }) => securityContext?.allowPrivilegeEscalation !== false)
  if (names.length === 0) return undefined
  return {
    reason: 'allowPrivilegeEscalation != false',
    detail: `${named('container', names)} must set securityContext.allowPrivilegeEscalation=false`,
  }
}

export const runAsNonRoot: Check = ({ spec }) => {
  const reason = 'runAsNonRoot != true'
  const ofPod = spec.securityContext?.runAsNonRoot
  const who = setters(
    ofPod === false,
    namesWhere(spec, ({ securityContext }) => securityContext?.runAsNonRoot === false),
  )
  if (who !== '') return { reason, detail: `${who} must not set securityContext.runAsNonRoot=false` }
  const silent = ofPod ? [] : namesWhere(spec, ({ securityContext }) => securityContext?.runAsNonRoot === undefined)
  if (silent.length === 0) return undefined
  return { reason, detail: `pod or ${named('container', silent)} must set securityContext.runAsNonRoot=true` }
}

export const runAsUser: Check = ({ spec }) => {
  const who = setters(
    spec.securityContext?.runAsUser === 0,
    namesWhere(spec, ({ securityContext }) => securityContext?.runAsUser === 0),
  )
  return who === '' ? undefined : { reason: 'runAsUser=0', detail: `${who} must not set runAsUser=0` }
}
