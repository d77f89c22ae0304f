import { readFileSync } from 'node:fs'

/** One upstream program, as the Go client builds it from published modules. */
export interface Peer {
  readonly package: string
  readonly module: string
  readonly version: string
  /** Version of the staging modules that k8s.io/kubernetes needs beside itself. */
  readonly staging?: string
}

/** Every peer that tests can ask for, pinned. */
export const peers: Readonly<Record<string, Peer>> = JSON.parse(readFileSync(new URL('../../peers.json', import.meta.url), 'utf8'))

/** The modules that k8s.io/kubernetes takes from its own tree and that must be pinned beside it. */
export const stagingModules = `api apiextensions-apiserver apimachinery apiserver cli-runtime client-go cloud-provider
 cluster-bootstrap code-generator component-base component-helpers controller-manager cri-api cri-client csi-translation-lib
 dynamic-resource-allocation endpointslice externaljwt kms kube-aggregator kube-controller-manager kube-proxy kube-scheduler
 kubectl kubelet metrics mount-utils pod-security-admission sample-apiserver sample-cli-plugin sample-controller`
  .split(/\s+/)
  .filter((name) => name !== '')
