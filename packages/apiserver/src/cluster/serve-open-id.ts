import type { OpenIdDocument } from '../authentication/openid-documents.js'
import { answerHeaders, answerText } from '../http/answer.js'
import type { Stage } from '../http/pipeline.js'

/** Serves the documents by which others verify service account tokens. `documents` is asked once the server listens. */
export function serveOpenId(documents: () => readonly OpenIdDocument[]): Stage {
  let byPath: ReadonlyMap<string, OpenIdDocument> | undefined
  return (exchange): void => {
    byPath ??= new Map(documents().map((document) => [document.path, document]))
    const document = byPath.get(exchange.info.path)
    if (!document) return
    const { responder, request } = exchange
    if (request.method !== 'GET') answerText(exchange, 405, '405: Method Not Allowed')
    else if (!accepts(request.headers.accept, document.contentType)) {
      answerText(exchange, 406, `406: Not Acceptable\n\nAvailable representations: ${document.contentType}`)
    } else responder.send(200, { ...answerHeaders(exchange, document.contentType), 'cache-control': document.cacheControl }, document.body)
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
