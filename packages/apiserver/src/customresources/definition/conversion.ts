import { X509Certificate } from 'node:crypto'
import type {
  CustomResourceConversion,
  ApiextensionsV1ServiceReference as ServiceReference,
  ApiextensionsV1WebhookClientConfig as WebhookClientConfig,
} from '@treeline/api'
import { type FieldError, type FieldPath, fieldErrors, validateDns1035Label, validateDnsSubdomain } from '@treeline/machinery'

const reviewVersions = ['v1', 'v1beta1']

export interface ConversionRules {
  readonly requireRecognizedReviewVersion: boolean
  readonly allowInvalidCaBundle: boolean
}

/** What is wrong with how objects are brought from one version to another. */
export function conversionErrors(conversion: CustomResourceConversion | undefined, path: FieldPath, rules: ConversionRules): FieldError[] {
  if (!conversion) return []
  const { strategy, webhook } = conversion
  const errors: FieldError[] = []
  const at = path.child('strategy')
  if (!strategy) errors.push(fieldErrors.required(at))
  else if (strategy !== 'None' && strategy !== 'Webhook') errors.push(fieldErrors.notSupported(at, strategy, ['None', 'Webhook']))
  const clientPath = path.child('webhookClientConfig')
  const versionsPath = path.child('conversionReviewVersions')
  if (strategy === 'Webhook') {
    const client = webhook?.clientConfig
    if (!client) errors.push(fieldErrors.required(clientPath, 'required when strategy is set to Webhook'))
    else errors.push(...clientErrors(client, clientPath, rules.allowInvalidCaBundle))
    return [...errors, ...reviewVersionErrors(webhook?.conversionReviewVersions ?? [], versionsPath, rules.requireRecognizedReviewVersion)]
  }
  const detail = 'should not be set when strategy is not set to Webhook'
  if (webhook?.clientConfig) errors.push(fieldErrors.forbidden(clientPath, detail))
  if (webhook?.conversionReviewVersions?.length) errors.push(fieldErrors.forbidden(versionsPath, detail))
  return errors
}

function clientErrors(client: WebhookClientConfig, path: FieldPath, allowInvalidCaBundle: boolean): FieldError[] {
  const { url, service, caBundle } = client
  const errors: FieldError[] = []
  if ((url === undefined) === (service === undefined)) errors.push(fieldErrors.required(path, 'exactly one of url or service is required'))
  else if (url !== undefined) errors.push(...urlErrors(url, path.child('url')))
  else if (service) errors.push(...serviceErrors(service, path.child('service')))
  if (caBundle && !allowInvalidCaBundle && !isCaBundle(caBundle)) {
    errors.push(
      fieldErrors.invalid(path.child('caBundle'), caBundle, 'unable to load root certificates: unable to parse bytes as PEM block'),
    )
  }
  return errors
}

/** Whether a base64 text holds PEM certificates. */
export function isCaBundle(base64: string): boolean {
  const pem = Buffer.from(base64, 'base64').toString('latin1')
  const blocks = pem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? []
  try {
    for (const block of blocks) new X509Certificate(block)
    return blocks.length > 0
  } catch {
    // One that cannot be read spoils the bundle.
    return false
  }
}

const urlForm = '; desired format: https://host[/path]'

function urlErrors(text: string, path: FieldPath): FieldError[] {
  const match = /^(?:([A-Za-z][A-Za-z0-9+.-]*):)?(?:\/\/(?:([^/?#@]*)@)?([^/?#]*))?([^?#]*)(?:\?([^#]*))?(?:#(.*))?$/s.exec(text)
  if (!match || /[\u0000-\u001f\u007f]/.test(text))
    return [fieldErrors.required(path, `url must be a valid URL: parse ${JSON.stringify(text)}${urlForm}`)]
  const [, scheme = '', user, host = '', , query = '', fragment = ''] = match
  const errors: FieldError[] = []
  if (scheme.toLowerCase() !== 'https') errors.push(fieldErrors.invalid(path, scheme, `'https' is the only allowed URL scheme${urlForm}`))
  if (host === '') errors.push(fieldErrors.invalid(path, host, `host must be specified${urlForm}`))
  if (user !== undefined) errors.push(fieldErrors.invalid(path, user, 'user information is not permitted in the URL'))
  if (fragment !== '') errors.push(fieldErrors.invalid(path, fragment, 'fragments are not permitted in the URL'))
  if (query !== '') errors.push(fieldErrors.invalid(path, query, 'query parameters are not permitted in the URL'))
  return errors
}

function serviceErrors(service: ServiceReference, path: FieldPath): FieldError[] {
  const errors: FieldError[] = []
  if (!service.name) errors.push(fieldErrors.required(path.child('name')))
  if (!service.namespace) errors.push(fieldErrors.required(path.child('namespace')))
  const port = service.port ?? 443
  if (port < 1 || port > 65535) {
    errors.push(fieldErrors.invalid(path.child('port'), port, 'port is not valid: must be between 1 and 65535, inclusive'))
  }
  return service.path === undefined ? errors : [...errors, ...urlPathErrors(service.path, path.child('path'))]
}

function urlPathErrors(text: string, path: FieldPath): FieldError[] {
  if (text === '' || text === '/') return []
  if (text === '//') return [fieldErrors.invalid(path, text, 'segment[0] may not be empty')]
  const errors = text.startsWith('/') ? [] : [fieldErrors.invalid(path, text, "must start with a '/'")]
  const segments = text.slice(1).replace(/\/$/, '').split('/')
  segments.forEach((segment, i) => {
    if (segment === '') errors.push(fieldErrors.invalid(path, text, `segment[${i}] may not be empty`))
    else for (const problem of validateDnsSubdomain(segment)) errors.push(fieldErrors.invalid(path, text, `segment[${i}]: ${problem}`))
  })
  return errors
}

function reviewVersionErrors(versions: readonly string[], path: FieldPath, requireRecognized: boolean): FieldError[] {
  if (versions.length === 0) return [fieldErrors.required(path)]
  const errors: FieldError[] = []
  versions.forEach((version, i) => {
    if (versions.indexOf(version) < i) errors.push(fieldErrors.invalid(path.index(i), version, 'duplicate version'))
    else for (const problem of validateDns1035Label(version)) errors.push(fieldErrors.invalid(path.index(i), version, problem))
  })
  if (requireRecognized && !isRecognized(versions)) {
    errors.push(fieldErrors.invalid(path, versions, `must include at least one of ${reviewVersions.join(', ')}`))
  }
  return errors
}

/** Whether the webhook speaks a version of ConversionReview that this server knows. */
export function isRecognized(versions: readonly string[]): boolean {
  return versions.some((version) => reviewVersions.includes(version))
}
