import { quote } from '@treeline/machinery'
import { type Check, containersOf, named, namesWhere, plural, quoted, setters, sorted } from './finding.js'

interface Profile {
  readonly type?: string
}

/** A profile of a container runtime that still confines. */
const confines = ({ type }: Profile): boolean => type === 'RuntimeDefault' || type === 'Localhost'

/** Whose profile does not confine, and what they ask for instead. */
function unconfined({ spec }: Parameters<Check>[0], field: 'appArmorProfile' | 'seccompProfile') {
  const isBad = (context: { readonly [F in typeof field]?: Profile } | undefined): boolean => {
    const profile = context?.[field]
    return profile !== undefined && !confines(profile)
  }
  const contexts = [spec.securityContext, ...containersOf(spec).map(({ securityContext }) => securityContext)]
  return {
    who: setters(
      isBad(spec.securityContext),
      namesWhere(spec, ({ securityContext }) => isBad(securityContext)),
    ),
    types: sorted(contexts.filter(isBad).map((context) => context?.[field]?.type ?? '')),
  }
}

const appArmorAnnotation = 'container.apparmor.security.beta.kubernetes.io/'

export const appArmor: Check = (pod) => {
  const { who, types } = unconfined(pod, 'appArmorProfile')
  const annotations = Object.entries(pod.annotations)
    .filter(([key, value]) => key.startsWith(appArmorAnnotation) && !/^$|^runtime\/default$|^localhost\//.test(value))
    .map(([key, value]) => `${key}=${quote(value)}`)
    .sort()
  const all = [...(who === '' ? [] : [who]), ...(annotations.length > 0 ? [plural('annotation', annotations.length)] : [])]
  if (all.length === 0) return undefined
  const values = [...types, ...annotations]
  return {
    reason: plural('forbidden AppArmor profile', values.length),
    detail: `${all.join(' and ')} must not set AppArmor profile type to ${quoted(values)}`,
  }
}

const seccompPod = 'seccomp.security.alpha.kubernetes.io/pod'
const seccompContainer = 'container.seccomp.security.alpha.kubernetes.io/'

/** Before the field there was an annotation for each pod and container. */
export const seccompAnnotations: Check = ({ annotations, spec }) => {
  const keys = [seccompPod, ...containersOf(spec).map(({ name }) => seccompContainer + name)]
  const forbidden = sorted(
    keys.flatMap((key) => {
      const value = annotations[key]
      return value === undefined || /^(runtime|docker)\/default$|^localhost\//.test(value) ? [] : [`${key}=${quote(value)}`]
    }),
  )
  if (forbidden.length === 0) return undefined
  return { reason: 'seccompProfile', detail: `forbidden ${plural('annotation', forbidden.length)} ${forbidden.join(', ')}` }
}

export const seccomp: Check = (pod) => {
  const { who, types } = unconfined(pod, 'seccompProfile')
  if (who === '') return undefined
  return { reason: 'seccompProfile', detail: `${who} must not set securityContext.seccompProfile.type to ${quoted(types)}` }
}

export const seccompRequired: Check = (pod) => {
  const explicit = seccomp(pod)
  if (explicit || pod.spec.securityContext?.seccompProfile) return explicit
  const names = namesWhere(pod.spec, ({ securityContext }) => !securityContext?.seccompProfile)
  if (names.length === 0) return undefined
  return {
    reason: 'seccompProfile',
    detail: `pod or ${named('container', names)} must set securityContext.seccompProfile.type to "RuntimeDefault" or "Localhost"`,
  }
}

export const seLinux =
  (allowedTypes: readonly string[]): Check =>
  ({ spec }) => {
    const isAllowed = (type = ''): boolean => type === '' || allowedTypes.includes(type)
    const isBad = (options: { type?: string; user?: string; role?: string } | undefined): boolean =>
      options !== undefined && (!isAllowed(options.type) || Boolean(options.user) || Boolean(options.role))
    const who = setters(
      isBad(spec.securityContext?.seLinuxOptions),
      namesWhere(spec, ({ securityContext }) => isBad(securityContext?.seLinuxOptions)),
    )
    if (who === '') return undefined
    const all = [spec.securityContext, ...containersOf(spec).map(({ securityContext }) => securityContext)].map(
      (one) => one?.seLinuxOptions,
    )
    const types = sorted(all.flatMap((options) => (isAllowed(options?.type) ? [] : [options?.type ?? ''])))
    const what = [
      ...(types.length > 0 ? [named('type', types)] : []),
      ...(all.some((options) => options?.user) ? ['user may not be set'] : []),
      ...(all.some((options) => options?.role) ? ['role may not be set'] : []),
    ]
    return { reason: 'seLinuxOptions', detail: `${who} set forbidden securityContext.seLinuxOptions: ${what.join('; ')}` }
  }

export const sysctls =
  (allowed: readonly string[]): Check =>
  ({ spec }) => {
    const forbidden = (spec.securityContext?.sysctls ?? []).map(({ name }) => name).filter((name) => !allowed.includes(name))
    return forbidden.length === 0 ? undefined : { reason: 'forbidden sysctls', detail: forbidden.join(', ') }
  }

export const procMount: Check = ({ spec }) => {
  const names = namesWhere(spec, ({ securityContext }) => (securityContext?.procMount ?? 'Default') !== 'Default')
  if (names.length === 0) return undefined
  const types = sorted(containersOf(spec).map(({ securityContext }) => securityContext?.procMount ?? 'Default'))
  const forbidden = types.filter((type) => type !== 'Default')
  return { reason: 'procMount', detail: `${named('container', names)} must not set securityContext.procMount to ${quoted(forbidden)}` }
}
