/** A kubeconfig that cannot be used, said in one sentence. */
export class KubeconfigError extends Error {
  override readonly name = 'KubeconfigError'
}
