import { FieldPath, validateDns1035Label, validateDnsSubdomain, validatePathSegmentName, validatePortNumber } from '@treeline/machinery'
import type { TypeOf } from '../../declaration/type-of.js'
import type { Validation } from '../../declaration/validations.js'
import { type Findings, findingsOf, forEachItem } from '../findings.js'

type APIService = TypeOf<'apiregistration.v1.APIService'>

const path = FieldPath.root('spec')
const statuses = ['True', 'False', 'Unknown']
const maxGroupPriority = 20_000
const maxVersionPriority = 1000

const check = (service: APIService) => findingsOf((found) => checkService(found, service))

export const apiServiceValidation: Validation<APIService> = {
  validate: check,
  validateUpdate: check,
  validateStatusUpdate: ({ status }) =>
    findingsOf((found) =>
      forEachItem(status?.conditions, FieldPath.root('status', 'conditions'), (condition, at) => {
        if (!statuses.includes(condition.status)) found.notSupported(at.child('status'), condition.status, statuses)
      }),
    ),
}

function checkService(found: Findings, { metadata, spec = {} as NonNullable<APIService['spec']> }: APIService): void {
  const { group = '', version = '', groupPriorityMinimum = 0, versionPriority = 0, caBundle = '', insecureSkipTLSVerify, service } = spec
  checkName(found, metadata.name ?? '', `${version}.${group}`)
  if (group === '' && version !== 'v1') {
    found.required(path.child('group'), 'only v1 may have an empty group and it better be legacy kube')
  }
  if (group !== '') found.each(path.child('group'), group, validateDnsSubdomain(group))
  found.each(path.child('version'), version, validateDns1035Label(version))
  if (groupPriorityMinimum <= 0 || groupPriorityMinimum > maxGroupPriority) {
    found.invalid(path.child('groupPriorityMinimum'), groupPriorityMinimum, 'must be positive and less than 20000')
  }
  if (versionPriority <= 0 || versionPriority > maxVersionPriority) {
    found.invalid(path.child('versionPriority'), versionPriority, 'must be positive and less than 1000')
  }
  const insecure = path.child('insecureSkipTLSVerify')
  if (!service) {
    const bytes = Buffer.byteLength(caBundle, 'base64')
    if (bytes > 0) found.invalid(path.child('caBundle'), `${bytes} bytes`, 'local APIServices may not have a caBundle')
    if (insecureSkipTLSVerify) found.invalid(insecure, true, 'local APIServices may not have insecureSkipTLSVerify')
    return
  }
  for (const name of ['namespace', 'name'] as const) if (!service[name]) found.required(path.child('service', name))
  const port = service.port ?? 0
  const problems = validatePortNumber(port)
  if (problems.length > 0) found.invalid(path.child('service', 'port'), port, `port is not valid: ${problems.join(', ')}`)
  if (insecureSkipTLSVerify && caBundle !== '') found.invalid(insecure, true, 'may not be true if caBundle is present')
}

function checkName(found: Findings, name: string, required: string): void {
  // What is no path segment has been complained of with the metadata.
  if (name === '' || name === required || validatePathSegmentName(name).length > 0) return
  found.invalid('metadata.name', name, `must be \`spec.version+"."+spec.group\`: ${JSON.stringify(required)}`)
}
