import type { CertificateSigningRequest } from '@treeline/api'

/** What a request for a certificate says, read from PKCS#10 in PEM. */
export interface ReadRequest {
  readonly commonName: string
  readonly organizations: readonly string[]
  readonly dnsNames: readonly string[]
  readonly addresses: readonly string[]
  readonly emails: readonly string[]
  readonly uris: readonly string[]
  /** PEM. */
  readonly pem: string
}

/** Object identifier of the extension for alternative names. */
export const alternativeNames = '2.5.29.17'

let library: Promise<typeof import('@peculiar/x509')> | undefined

/** The certificate library; it takes a tenth of a second to load, so only those who sign something load it. */
export function certificateLibrary(): Promise<typeof import('@peculiar/x509')> {
  library ??= import('reflect-metadata').then(() => import('@peculiar/x509'))
  return library
}

/** Reads the request of an object. Throws on one that is malformed or not signed with its own key. */
export async function readRequest(csr: CertificateSigningRequest): Promise<ReadRequest> {
  const x509 = await certificateLibrary()
  const pem = Buffer.from(csr.spec?.request ?? '', 'base64').toString('utf8')
  const request = new x509.Pkcs10CertificateRequest(pem)
  if (!(await request.verify())) throw new Error('the signature of the certificate request is not that of its key')
  const extension = request.getExtension(alternativeNames)
  const names = extension ? new x509.SubjectAlternativeNameExtension(extension.rawData).names.items : []
  const ofType = (type: string) => names.filter((name) => name.type === type).map(({ value }) => value)
  return {
    commonName: request.subjectName.getField('CN').at(-1) ?? '',
    organizations: request.subjectName.getField('O'),
    dnsNames: ofType('dns'),
    addresses: ofType('ip'),
    emails: ofType('email'),
    uris: ofType('url'),
    pem,
  }
}

export function hasCondition({ status }: CertificateSigningRequest, type: string): boolean {
  return status?.conditions?.some((condition) => condition.type === type) === true
}
