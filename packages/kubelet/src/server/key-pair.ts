/** Key and certificate in PEM. */
export interface KeyPair {
  readonly key: string
  readonly cert: string
}
