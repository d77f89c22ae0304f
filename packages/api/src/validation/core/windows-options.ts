import { type FieldPath, validateDnsSubdomain } from '@treeline/machinery'
import type { TypeOf } from '../../declaration/type-of.js'
import type { Findings } from '../findings.js'

const credentialSpecMaxKiB = 64
const domainMaxLength = 256
const userMaxLength = 104

const label = '[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?'
const dnsDomain = new RegExp(`^${label}(?:\\.${label})*$`)
const netBiosDomain = /^[^\\/:*?"<>|.][^\\/:*?"<>|]{0,14}$/

/** Identity of containers on Windows. */
export function checkWindowsOptions(found: Findings, options: TypeOf<'core.v1.WindowsSecurityContextOptions'>, path: FieldPath): void {
  const { gmsaCredentialSpecName: specName, gmsaCredentialSpec: spec, runAsUserName: user } = options
  if (specName !== undefined) found.each(path.child('gmsaCredentialSpecName'), specName, validateDnsSubdomain(specName))
  if (spec !== undefined) {
    const at = path.child('gmsaCredentialSpec')
    if (spec === '') found.invalid(at, spec, 'gmsaCredentialSpec cannot be an empty string')
    else if (Buffer.byteLength(spec) > credentialSpecMaxKiB * 1024) {
      found.invalid(at, spec, `gmsaCredentialSpec size must be under ${credentialSpecMaxKiB} KiB`)
    }
  }
  if (user !== undefined) found.each(path.child('runAsUserName'), user, userNameProblems(user))
}

function userNameProblems(name: string): string[] {
  if (name === '') return ['runAsUserName cannot be an empty string']
  if (/[\u0000-\u001f\u007f]/.test(name)) return ['runAsUserName cannot contain control characters']
  const parts = name.split('\\')
  if (parts.length > 2) return ['runAsUserName cannot contain more than one backslash']
  const [domain, user = ''] = parts.length === 2 ? parts : [undefined, parts[0]]
  return [...domainProblems(domain), ...userProblems(user)]
}

function domainProblems(domain: string | undefined): string[] {
  if (domain === undefined) return []
  return [
    ...(Buffer.byteLength(domain) >= domainMaxLength ? [`runAsUserName's Domain length must be under ${domainMaxLength} characters`] : []),
    ...(netBiosDomain.test(domain) || dnsDomain.test(domain)
      ? []
      : ["runAsUserName's Domain doesn't match the NetBios nor the DNS format"]),
  ]
}

function userProblems(user: string): string[] {
  return [
    ...(user === '' ? ["runAsUserName's User cannot be empty"] : []),
    ...(Buffer.byteLength(user) > userMaxLength ? [`runAsUserName's User length must not be longer than ${userMaxLength} characters`] : []),
    ...(/^[. ]+$/.test(user) ? ["runAsUserName's User cannot contain only periods or spaces"] : []),
    ...(/["/\\:;|=,+*?<>@[\]]/.test(user) ? ['runAsUserName\'s User cannot contain the following characters: "/\\:;|=,+*?<>@[]'] : []),
  ]
}
