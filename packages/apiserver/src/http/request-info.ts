/** What a request is about, read from its method and target alone (contract: URL grammar). */
export interface RequestInfo {
  /** Decoded path without query. */
  readonly path: string
  /** Raw query without `?`. */
  readonly query: string
  readonly isResource: boolean
  /** API verb of a resource request, lower-case HTTP method of any other. */
  readonly verb: string
  readonly group: string
  readonly version: string
  readonly namespace: string
  readonly resource: string
  readonly subresource: string
  readonly name: string
  /** Path segments behind the subresource, as for `proxy`. */
  readonly rest: string
  /** The deprecated `/watch/` path form. */
  readonly watchPath: boolean
  /** Raw selectors of list, watch and deletecollection. */
  readonly fieldSelector: string
  readonly labelSelector: string
}
