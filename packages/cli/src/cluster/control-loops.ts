import { type Client, createClient, type Logger, type Transport } from '@treeline/client'
import { startCloudControllers } from '@treeline/cloud-controller-manager'
import { startControllers } from '@treeline/controller-manager'
import { startScheduler } from '@treeline/scheduler'
import { loadProvider } from '../load-provider.js'

/** What the loops of a control plane need. */
export interface ControlLoops {
  /** A connection of its own for each component. */
  readonly connect: () => Transport
  readonly log: Logger
  /** PEM of the cluster's certificate authority. */
  readonly authority: string
  readonly cloud: { readonly provider: string; readonly config: string; readonly podCIDR: string } | undefined
}

/** Runs the built-in controllers, the scheduler and the cloud controllers. Gives the functions that stop them, in order of start. */
export async function startControlLoops({ connect, log, authority, cloud }: ControlLoops, closers: (() => Promise<void>)[]): Promise<void> {
  const clientFor = (name: string): Client => createClient(connect(), { userAgent: name })
  const controllers = startControllers(clientFor('kube-controller-manager'), {
    rootCertificateAuthority: authority,
    // there is one API server: nobody creates in a namespace that another has seen go
    namespaceDeletionDelay: 0,
    ...(cloud ? { nodeIpam: { clusterCidrs: [cloud.podCIDR] } } : {}),
    log,
  })
  closers.push(() => controllers.stop())
  const scheduler = startScheduler({ client: clientFor('kube-scheduler'), log })
  closers.push(() => scheduler.stop())
  const running: Promise<void>[] = [controllers.ready, scheduler.ready]
  if (cloud) {
    const { createCloudProvider } = await loadProvider(cloud.provider)
    if (!createCloudProvider) throw new Error(`the package of cloud provider ${cloud.provider} exports no createCloudProvider`)
    const provider = await createCloudProvider({ config: cloud.config, clusterName: 'treeline', log: (message) => log.warn(message) })
    closers.push(() => provider.close())
    const cloudControllers = startCloudControllers(clientFor('cloud-controller-manager'), {
      cloud: provider,
      clusterCIDRs: [cloud.podCIDR],
      log,
    })
    closers.push(() => cloudControllers.stop())
    running.push(cloudControllers.ready)
  }
  await Promise.all(running)
}
