import {
  FieldPath,
  validateDns1035Label,
  validateDnsLabel,
  validateDnsSubdomain,
  validatePathSegmentName,
  validatePortName,
  validateWildcardDnsSubdomain,
} from '@treeline/machinery'
import type { TypeOf } from '../../declaration/type-of.js'
import type { Validation } from '../../declaration/validations.js'
import { checkLegacyIp, parseIp } from '../addresses.js'
import { checkIngressHostname } from '../core/service.js'
import { checkDomainPrefixedPath } from '../domain-prefixed-path.js'
import { type Findings, findingsOf, forEachItem } from '../findings.js'
import { checkImmutable } from '../immutable.js'
import { checkLabel, checkPortNumber, checkSubdomain } from '../names.js'

type Ingress = TypeOf<'networking.v1.Ingress'>
type IngressSpec = TypeOf<'networking.v1.IngressSpec'>
type Backend = TypeOf<'networking.v1.IngressBackend'>

const path = FieldPath.root('spec')

/** What a stored Ingress already has wrong, and so may keep. */
interface IngressRules {
  readonly anySecretName: boolean
  readonly anyWildcardRule: boolean
  readonly relaxedServiceNames: boolean
}

const strict: IngressRules = { anySecretName: false, anyWildcardRule: false, relaxedServiceNames: false }
const classAnnotation = 'kubernetes.io/ingress.class'

export const ingressValidation: Validation<Ingress> = {
  validate: ({ metadata, spec = {} }) =>
    findingsOf((found) => {
      checkSpec(found, spec, strict)
      const annotated = metadata.annotations?.[classAnnotation]
      if (annotated !== undefined && spec.ingressClassName !== undefined && annotated !== spec.ingressClassName) {
        const at = FieldPath.root('annotations', classAnnotation)
        found.invalid(at, annotated, 'must match `ingressClassName` when both are specified')
      }
    }),
  validateUpdate: ({ spec = {} }, old) => findingsOf((found) => checkSpec(found, spec, rulesFor(old.spec ?? {}))),
  validateStatusUpdate: ({ status }, old) =>
    findingsOf((found) => {
      const existing = (old.status?.loadBalancer?.ingress ?? []).flatMap(({ ip }) => (ip ? [ip] : []))
      forEachItem(status?.loadBalancer?.ingress, FieldPath.root('status', 'loadBalancer', 'ingress'), ({ ip, hostname }, at) => {
        if (ip) checkLegacyIp(found, ip, at.child('ip'), existing)
        checkIngressHostname(found, hostname, at.child('hostname'))
      })
    }),
}

function rulesFor(old: IngressSpec): IngressRules {
  const paths = (old.rules ?? []).flatMap(({ http }) => http?.paths ?? [])
  const services = [old.defaultBackend, ...paths.map(({ backend }) => backend)].flatMap((backend) => backend?.service?.name ?? [])
  return {
    anySecretName: (old.tls ?? []).some(({ secretName }) => secretName && validateDnsSubdomain(secretName).length > 0),
    anyWildcardRule: (old.rules ?? []).some(
      ({ host, http }) => host?.includes('*') && findingsOf((scratch) => checkPaths(scratch, http, path, strict)).length > 0,
    ),
    relaxedServiceNames: services.some((name) => validateDnsLabel(name).length === 0 && validateDns1035Label(name).length > 0),
  }
}

function checkSpec(found: Findings, spec: IngressSpec, rules: IngressRules): void {
  if (!spec.rules?.length && !spec.defaultBackend) {
    found.invalid(path, null, 'either `defaultBackend` or `rules` must be specified')
  }
  if (spec.defaultBackend) checkBackend(found, spec.defaultBackend, path.child('defaultBackend'), rules)
  forEachItem(spec.rules, path.child('rules'), ({ host, http }, at) => {
    if (host && parseIp(host)) found.invalid(at.child('host'), host, 'must be a DNS name, not an IP address')
    if (host) checkHost(found, host, at.child('host'))
    if (!host?.includes('*') || !rules.anyWildcardRule) checkPaths(found, http, at.child('http'), rules)
  })
  forEachItem(spec.tls, path.child('tls'), ({ hosts, secretName }, at) => {
    forEachItem(hosts, at.child('hosts'), (host, here) => checkHost(found, host, here))
    if (secretName && !rules.anySecretName) checkSubdomain(found, secretName, at.child('secretName'))
  })
  if (spec.ingressClassName !== undefined) checkSubdomain(found, spec.ingressClassName, path.child('ingressClassName'))
}

function checkHost(found: Findings, host: string, at: FieldPath): void {
  found.each(at, host, host.includes('*') ? validateWildcardDnsSubdomain(host) : validateDnsSubdomain(host))
}

function checkPaths(
  found: Findings,
  http: TypeOf<'networking.v1.HTTPIngressRuleValue'> | undefined,
  at: FieldPath,
  rules: IngressRules,
): void {
  if (!http) return
  if (!http.paths?.length) found.required(at.child('paths'))
  forEachItem(http.paths, at.child('paths'), ({ path: pattern = '', pathType, backend }, here) => {
    // A required pointer that is absent is encoded as null.
    if ((pathType ?? undefined) === undefined) {
      found.required(here.child('pathType'), 'pathType must be specified')
      return
    }
    checkPattern(found, pattern, pathType, here)
    checkBackend(found, backend, here.child('backend'), rules)
  })
}

const pathTypes = ['Exact', 'ImplementationSpecific', 'Prefix']
const refusedParts = ['//', '/./', '/../', '%2f', '%2F']
const refusedEnds = ['/..', '/.']

function checkPattern(found: Findings, pattern: string, type: string, at: FieldPath): void {
  const here = at.child('path')
  if (!pathTypes.includes(type)) {
    found.notSupported(at.child('pathType'), type, pathTypes)
    return
  }
  const free = type === 'ImplementationSpecific'
  if (!pattern.startsWith('/') && !(free && pattern === '')) found.invalid(here, pattern, 'must be an absolute path')
  if (free) return
  for (const part of refusedParts) if (pattern.includes(part)) found.invalid(here, pattern, `must not contain '${part}'`)
  for (const end of refusedEnds) if (pattern.endsWith(end)) found.invalid(here, pattern, `cannot end with '${end}'`)
}

function checkBackend(found: Findings, { resource, service }: Backend, at: FieldPath, rules: IngressRules): void {
  if (resource && service) found.invalid(at, '', 'cannot set both resource and service backends')
  else if (resource) checkReference(found, resource, at.child('resource'))
  else if (service) checkServiceBackend(found, service, at, rules)
  else found.invalid(at, '', 'resource or service backend is required')
}

function checkServiceBackend(
  found: Findings,
  { name, port = {} }: TypeOf<'networking.v1.IngressServiceBackend'>,
  at: FieldPath,
  { relaxedServiceNames }: IngressRules,
): void {
  const here = at.child('service')
  if (!name) found.required(here.child('name'))
  found.each(here.child('name'), name, relaxedServiceNames ? validateDnsLabel(name) : validateDns1035Label(name))
  if (port.name && port.number) found.invalid(at, '', 'cannot set both port name & port number')
  else if (port.name) found.each(here.child('port', 'name'), port.name, validatePortName(port.name))
  else if (port.number) checkPortNumber(found, port.number, here.child('port', 'number'))
  else found.required(at, 'port name or number is required')
}

interface Reference {
  readonly apiGroup?: string
  readonly kind: string
  readonly name: string
}

function checkReference(found: Findings, { apiGroup, kind, name }: Reference, at: FieldPath): void {
  if (apiGroup !== undefined) checkSubdomain(found, apiGroup, at.child('apiGroup'))
  if (!kind) found.required(at.child('kind'))
  else found.each(at.child('kind'), kind, validatePathSegmentName(kind))
  if (!name) found.required(at.child('name'))
  else found.each(at.child('name'), name, validatePathSegmentName(name))
}

type IngressClass = TypeOf<'networking.v1.IngressClass'>

const controllerMaxLength = 250

export const ingressClassValidation: Validation<IngressClass> = {
  validate: (ingressClass) => findingsOf((found) => checkClass(found, ingressClass)),
  validateUpdate: (ingressClass, old) =>
    findingsOf((found) => {
      checkImmutable(found, ingressClass.spec?.controller ?? '', old.spec?.controller ?? '', path.child('controller'))
      checkClass(found, ingressClass)
    }),
}

const scopes = ['Cluster', 'Namespace']

function checkClass(found: Findings, { spec }: IngressClass): void {
  const controller = spec?.controller ?? ''
  if (Buffer.byteLength(controller) > controllerMaxLength) found.tooLong(path.child('controller'), controllerMaxLength)
  checkDomainPrefixedPath(found, controller, path.child('controller'))
  const parameters = spec?.parameters
  if (!parameters) return
  const at = path.child('parameters')
  checkReference(found, parameters, at)
  const { scope, namespace } = parameters
  if (scope === undefined) found.required(at.child('scope'))
  else if (!scopes.includes(scope)) found.notSupported(at.child('scope'), scope, scopes)
  else if (scope === 'Cluster') {
    if (namespace !== undefined) found.forbidden(at.child('namespace'), "`parameters.scope` is set to 'Cluster'")
  } else if (namespace === undefined) found.required(at.child('namespace'), "`parameters.scope` is set to 'Namespace'")
  else checkLabel(found, namespace, at.child('namespace'))
}
