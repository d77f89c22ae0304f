import { recordEvents } from './rule-notation.js'

/** Roles by `namespace/name`. */
export const namespacedRoles: Readonly<Record<string, readonly string[]>> = {
  'kube-public/system:controller:bootstrap-signer': ['read | configmaps', 'update | configmaps # cluster-info', recordEvents],
  'kube-system/extension-apiserver-authentication-reader': ['read | configmaps # extension-apiserver-authentication'],
  'kube-system/system::leader-locking-kube-controller-manager': [
    'create get list update watch | leases @ coordination.k8s.io',
    'create get list update watch | leasecandidates @ coordination.k8s.io',
  ],
  'kube-system/system::leader-locking-kube-scheduler': [
    'create get list update watch | leases @ coordination.k8s.io',
    'create get list update watch | leasecandidates @ coordination.k8s.io',
  ],
  'kube-system/system:controller:bootstrap-signer': ['read | secrets'],
  'kube-system/system:controller:cloud-provider': ['create get list watch | configmaps'],
  'kube-system/system:controller:token-cleaner': ['delete get list watch | secrets', recordEvents],
}
