import type { OpenIdDocument } from '../authentication/openid-documents.js'
import type { Stage } from '../http/pipeline.js'

/** Serves the documents by which others verify service account tokens. `documents` is asked once the server listens. */
export function serveOpenId(documents: () => readonly OpenIdDocument[]): Stage {
  let byPath: ReadonlyMap<string, OpenIdDocument> | undefined
  return (exchange) => {
    byPath ??= new Map(documents().map((document) => [document.path, document]))
    const document = byPath.get(exchange.info.path)
    if (!document) return
    const { responder, request } = exchange
    if (request.method !== 'GET') {
      responder.send(405, { 'content-type': 'text/plain' }, '405: Method Not Allowed')
      return
    }
    if (!accepts(request.headers.accept, document.contentType)) {
      responder.send(406, { 'content-type': 'text/plain' }, `406: Not Acceptable\n\nAvailable representations: ${document.contentType}`)
      return
    }
    responder.send(200, { 'content-type': document.contentType, 'cache-control': document.cacheControl }, document.body)
  }
}

const accepts = (accept: string | undefined, contentType: string): boolean => {
  if (!accept) return true
  const [family] = contentType.split('/')
  return accept
    .split(',')
    .map((clause) => clause.split(';', 1)[0]?.trim())
    .some((type) => type === '*/*' || type === contentType || type === `${family}/*`)
}
