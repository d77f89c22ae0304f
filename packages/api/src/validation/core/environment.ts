import {
  type FieldPath,
  Quantity,
  validateConfigMapKey,
  validateDnsSubdomain,
  validateQualifiedName,
  validateRelaxedEnvVarName,
} from '@treeline/machinery'
import type { TypeOf } from '../../declaration/type-of.js'
import { type Check, type Findings, forEachItem } from '../findings.js'
import { checkQualifiedName, requireLabel } from '../names.js'
import { checkNoBacksteps } from './file-paths.js'

type EnvVar = TypeOf<'core.v1.EnvVar'>
type EnvVarSource = TypeOf<'core.v1.EnvVarSource'>
type EnvFromSource = TypeOf<'core.v1.EnvFromSource'>

/** The environment variables of a container. */
export function checkEnv(found: Findings, variables: readonly EnvVar[] | undefined, path: FieldPath): void {
  forEachItem(variables, path, (variable, at) => {
    if (!variable.name) found.required(at.child('name'))
    else found.each(at.child('name'), variable.name, validateRelaxedEnvVarName(variable.name))
    if (variable.valueFrom) checkValueFrom(found, variable, variable.valueFrom, at.child('valueFrom'))
  })
}

type SourceChecks = { readonly [F in keyof EnvVarSource]-?: Check<NonNullable<EnvVarSource[F]>> }

const valueSources: SourceChecks = {
  fieldRef: (found, reference, path) => checkFieldReference(found, reference, fieldsOfEnv, path),
  resourceFieldRef: (found, reference, path) => checkResourceFieldReference(found, reference, path, false),
  configMapKeyRef: checkKeyReference,
  secretKeyRef: checkKeyReference,
  fileKeyRef: checkFileKeyReference,
}

function checkValueFrom(found: Findings, { value }: EnvVar, source: EnvVarSource, path: FieldPath): void {
  let given = 0
  for (const name of Object.keys(valueSources) as (keyof EnvVarSource)[]) {
    const reference = source[name]
    if (!reference) continue
    given++
    const check = valueSources[name] as Check<unknown>
    check(found, reference, path.child(name))
  }
  if (given === 0) {
    found.invalid(path, '', 'must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef`, `secretKeyRef` or `fileKeyRef`')
  } else if (value) found.invalid(path, '', 'may not be specified when `value` is not empty')
  else if (given > 1) found.invalid(path, '', 'may not have more than one field specified at a time')
}

/** ConfigMaps and Secrets whose entries become variables. */
export function checkEnvFrom(found: Findings, sources: readonly EnvFromSource[] | undefined, path: FieldPath): void {
  forEachItem(sources, path, ({ prefix, configMapRef, secretRef }, at) => {
    if (prefix) found.each(at.child('prefix'), prefix, validateRelaxedEnvVarName(prefix))
    if (configMapRef) checkPrefixOfName(found, configMapRef.name, at.child('configMapRef', 'name'))
    if (secretRef) checkPrefixOfName(found, secretRef.name, at.child('secretRef', 'name'))
    if (!configMapRef && !secretRef) found.invalid(path, '', 'must specify one of: `configMapRef` or `secretRef`')
    else if (configMapRef && secretRef) found.invalid(path, '', 'may not have more than one field specified at a time')
  })
}

/** Upstream checks these names as if more letters followed. */
function checkPrefixOfName(found: Findings, name: string | undefined, path: FieldPath): void {
  if (!name) found.required(path)
  else found.each(path, name, validateDnsSubdomain(name.length > 1 && name.endsWith('-') ? `${name.slice(0, -2)}a` : name))
}

function checkKeyReference(found: Findings, { name = '', key }: { name?: string; key: string }, path: FieldPath): void {
  found.each(path.child('name'), name, validateDnsSubdomain(name))
  if (!key) found.required(path.child('key'))
  else found.each(path.child('key'), key, validateConfigMapKey(key))
}

function checkFileKeyReference(found: Findings, reference: TypeOf<'core.v1.FileKeySelector'>, path: FieldPath): void {
  if (!reference.key) found.required(path.child('key'))
  else found.each(path.child('key'), reference.key, validateRelaxedEnvVarName(reference.key))
  requireLabel(found, reference.volumeName, path.child('volumeName'))
  if (!reference.path) found.required(path.child('path'))
  else checkNoBacksteps(found, reference.path, path.child('path'))
}

const fieldsOfEnv: readonly string[] = [
  'metadata.name',
  'metadata.namespace',
  'metadata.uid',
  'spec.nodeName',
  'spec.serviceAccountName',
  'status.hostIP',
  'status.hostIPs',
  'status.podIP',
  'status.podIPs',
]

const convertible: ReadonlySet<string> = new Set([
  'metadata.annotations',
  'metadata.labels',
  ...fieldsOfEnv,
  'spec.restartPolicy',
  'spec.schedulerName',
  'status.phase',
])

/** A field of the pod, out of those that can be shown to its containers. */
export function checkFieldReference(
  found: Findings,
  { apiVersion, fieldPath }: TypeOf<'core.v1.ObjectFieldSelector'>,
  supported: readonly string[],
  path: FieldPath,
): void {
  if (!apiVersion) {
    found.required(path.child('apiVersion'))
    return
  }
  if (!fieldPath) {
    found.required(path.child('fieldPath'))
    return
  }
  const [, subscripted, subscript = ''] = /^(.+?)\['(.*)'\]$/s.exec(fieldPath) ?? []
  const problem = conversionProblem(apiVersion, fieldPath, subscripted)
  if (problem) {
    found.invalid(path.child('fieldPath'), fieldPath, `error converting fieldPath: ${problem}`)
    return
  }
  const field = fieldPath === 'spec.host' ? 'spec.nodeName' : fieldPath
  if (subscripted === 'metadata.annotations') {
    found.each(path, subscript.toLowerCase(), validateQualifiedName(subscript.toLowerCase()))
  } else if (subscripted === 'metadata.labels') checkQualifiedName(found, subscript, path)
  else if (!supported.includes(field)) found.notSupported(path.child('fieldPath'), field, supported)
}

function conversionProblem(apiVersion: string, fieldPath: string, subscripted: string | undefined): string | undefined {
  if (apiVersion !== 'v1') return `unsupported pod version: ${apiVersion}`
  if (subscripted !== undefined) {
    const supported = subscripted === 'metadata.annotations' || subscripted === 'metadata.labels'
    return supported ? undefined : `field label does not support subscript: ${fieldPath}`
  }
  return convertible.has(fieldPath) || fieldPath === 'spec.host' ? undefined : `field label not supported: ${fieldPath}`
}

const fieldsOfResources: readonly string[] = [
  'limits.cpu',
  'limits.ephemeral-storage',
  'limits.memory',
  'requests.cpu',
  'requests.ephemeral-storage',
  'requests.memory',
]

const hugePages = /^(requests|limits)\.hugepages-/

/** An amount of a container; in a volume the container has to be named. */
export function checkResourceFieldReference(
  found: Findings,
  { containerName, resource, divisor }: TypeOf<'core.v1.ResourceFieldSelector'>,
  path: FieldPath,
  inVolume: boolean,
): void {
  if (inVolume && !containerName) found.required(path.child('containerName'))
  else if (!resource) found.required(path.child('resource'))
  else if (!fieldsOfResources.includes(resource) && !hugePages.test(resource)) {
    found.notSupported(path.child('resource'), resource, fieldsOfResources)
  }
  checkDivisor(found, resource, divisor, path.child('divisor'))
}

const sizes = ['1', '1k', '1M', '1G', '1T', '1P', '1E', '1Ki', '1Mi', '1Gi', '1Ti', '1Pi', '1Ei']

const divisors: readonly (readonly [RegExp, readonly string[], string])[] = [
  [/^(limits|requests)\.cpu$/, ['1m', '1'], "only divisor's values 1m and 1 are supported with the cpu resource"],
  [/^(limits|requests)\.memory$/, sizes, `only divisor's values ${sizes.join(', ')} are supported with the memory resource`],
  [
    /^(limits|requests)\.ephemeral-storage$/,
    sizes,
    `only divisor's values ${sizes.join(', ')} are supported with the local ephemeral storage resource`,
  ],
  [hugePages, sizes, `only divisor's values ${sizes.join(', ')} are supported with the hugepages resource`],
]

function checkDivisor(found: Findings, resource: string, divisor: string | undefined, path: FieldPath): void {
  if (!divisor || Quantity.parse(divisor).isZero) return
  for (const [applies, supported, detail] of divisors) {
    if (applies.test(resource) && !supported.includes(divisor)) found.invalid(path, resource, detail)
  }
}
