/** What a certificate signing request asks for. */
export interface SigningRequest {
  readonly commonName: string
  readonly organizations: readonly string[]
}

/** Reads a PKCS#10 request in PEM; undefined when it is none or does not prove possession of its key. */
export async function readSigningRequest(pem: string): Promise<SigningRequest | undefined> {
  await import('reflect-metadata')
  const x509 = await import('@peculiar/x509')
  const block = /-----BEGIN CERTIFICATE REQUEST-----[\s\S]+?-----END CERTIFICATE REQUEST-----/.exec(pem)?.[0]
  if (!block) return undefined
  try {
    const request = new x509.Pkcs10CertificateRequest(block)
    if (!(await request.verify())) return undefined
    const { subjectName } = request
    return { commonName: subjectName.getField('CN').at(-1) ?? '', organizations: subjectName.getField('O') }
  } catch {
    // Malformed DER in the block: as good as no request.
    return undefined
  }
}
