import { readFile } from 'node:fs/promises'
import type { Command } from 'commander'
import { durationOption, listOption } from '../commands/options.js'
import { loadProvider } from '../load-provider.js'
import { UsageError } from '../usage-error.js'
import { aborted, type ComponentFlags, runComponent } from './component.js'

/** Flags that all of these have. */
function componentCommand(program: Command, name: string, description: string): Command {
  return program
    .command(name)
    .description(description)
    .option('--kubeconfig <file>', 'how to reach the API server (default: KUBECONFIG, or the pod’s own account)')
    .option('--leader-elect', 'run only while holding the lease', true)
    .option('--no-leader-elect', 'run at once')
    .option('--json', 'machine-readable lines', false)
}

interface ManagerFlags extends ComponentFlags {
  controllers: string[]
  clusterCidr: string[] | undefined
  serviceClusterIpRange: string[] | undefined
  allocateNodeCidrs: boolean
  rootCaFile: string | undefined
  useServiceAccountCredentials: boolean
  nodeMonitorPeriod: number | undefined
  nodeMonitorGracePeriod: number | undefined
}

export function addControllerManager(program: Command): void {
  componentCommand(program, 'controller-manager', 'the built-in controllers alone')
    .option('--controllers <list>', '`*` for all, `name` to add, `-name` to leave out', listOption, ['*'])
    .option('--allocate-node-cidrs', 'give nodes pod ranges out of --cluster-cidr', false)
    .option('--cluster-cidr <list>', 'pod ranges', listOption)
    .option('--service-cluster-ip-range <list>', 'ranges kept free of pods', listOption)
    .option('--root-ca-file <file>', 'authority published to every namespace')
    .option('--use-service-account-credentials', 'act as a ServiceAccount per controller', false)
    .option('--node-monitor-period <duration>', 'between looks at nodes', durationOption)
    .option('--node-monitor-grace-period <duration>', 'how long a silent node is trusted', durationOption)
    .addHelpText('after', '\nExample:\n  treeline controller-manager --kubeconfig admin.conf --controllers "*,-job-controller"')
    .action(async (flags: ManagerFlags) => {
      const { startControllers } = await import('@treeline/controller-manager')
      if (flags.allocateNodeCidrs && !flags.clusterCidr) throw new UsageError('--allocate-node-cidrs needs --cluster-cidr')
      const authority = flags.rootCaFile === undefined ? undefined : await readFile(flags.rootCaFile, 'utf8')
      process.exitCode = await runComponent('kube-controller-manager', flags, async ({ client, log, signal }) => {
        const running = startControllers(client, {
          controllers: flags.controllers,
          identities: flags.useServiceAccountCredentials ? 'service-accounts' : 'client',
          log,
          ...(authority === undefined ? {} : { rootCertificateAuthority: authority }),
          ...(flags.allocateNodeCidrs && flags.clusterCidr
            ? {
                nodeIpam: {
                  clusterCidrs: flags.clusterCidr,
                  ...(flags.serviceClusterIpRange ? { serviceCidrs: flags.serviceClusterIpRange } : {}),
                },
              }
            : {}),
          ...(flags.nodeMonitorPeriod === undefined ? {} : { nodeMonitorPeriod: flags.nodeMonitorPeriod }),
          ...(flags.nodeMonitorGracePeriod === undefined ? {} : { nodeMonitorGracePeriod: flags.nodeMonitorGracePeriod }),
        })
        await aborted(signal)
        await running.stop()
      })
    })
}

export function addScheduler(program: Command): void {
  componentCommand(program, 'scheduler', 'the scheduler alone')
    .option('--scheduler-name <name>', 'pods of this schedulerName are placed', 'default-scheduler')
    .addHelpText('after', '\nExample:\n  treeline scheduler --kubeconfig admin.conf --no-leader-elect')
    .action(async (flags: ComponentFlags & { schedulerName: string }) => {
      const { startScheduler } = await import('@treeline/scheduler')
      process.exitCode = await runComponent('kube-scheduler', flags, async ({ client, log, signal }) => {
        const running = startScheduler({ client, log, schedulerName: flags.schedulerName })
        await aborted(signal)
        await running.stop()
      })
    })
}

interface CloudFlags extends ComponentFlags {
  cloudProvider: string
  cloudConfig: string | undefined
  clusterName: string
  clusterCidr: string[] | undefined
  configureCloudRoutes: boolean
  routeReconciliationPeriod: number
  nodeMonitorPeriod: number
  nodeStatusUpdateFrequency: number
  concurrentServiceSyncs: number
  concurrentNodeSyncs: number
}

export function addCloudControllerManager(program: Command): void {
  componentCommand(program, 'cloud-controller-manager', 'the controllers between a cluster and its cloud')
    .requiredOption('--cloud-provider <name>', 'loads @treeline/provider-NAME, or a package by its whole name')
    .option('--cloud-config <file>', 'the provider’s own configuration')
    .option('--cluster-name <name>', 'goes into names and tags of cloud objects', 'kubernetes')
    .option('--cluster-cidr <list>', 'pod ranges whose routes are ours', listOption)
    .option('--configure-cloud-routes', 'make a route for every pod range', true)
    .option('--no-configure-cloud-routes', 'leave routes alone')
    .option('--route-reconciliation-period <duration>', 'between full looks at routes', durationOption, 10_000)
    .option('--node-monitor-period <duration>', 'between looks at instances of nodes that are not ready', durationOption, 5_000)
    .option('--node-status-update-frequency <duration>', 'between looks at addresses', durationOption, 300_000)
    .option('--concurrent-service-syncs <n>', 'Services at the same time', Number, 8)
    .option('--concurrent-node-syncs <n>', 'nodes at the same time', Number, 64)
    .addHelpText(
      'after',
      '\nExample:\n  treeline cloud-controller-manager --kubeconfig admin.conf --cloud-provider mycloud --cloud-config cloud.json --cluster-cidr 10.244.0.0/16',
    )
    .action(async (flags: CloudFlags) => {
      const [{ startCloudControllers }, provider] = await Promise.all([
        import('@treeline/cloud-controller-manager'),
        loadProvider(flags.cloudProvider),
      ])
      if (!provider.createCloudProvider)
        throw new UsageError(`the package of cloud provider "${flags.cloudProvider}" exports no createCloudProvider`)
      const config = flags.cloudConfig === undefined ? undefined : await readFile(flags.cloudConfig, 'utf8')
      const { createCloudProvider } = provider
      process.exitCode = await runComponent('cloud-controller-manager', flags, async ({ client, log, signal }) => {
        const cloud = await createCloudProvider({
          clusterName: flags.clusterName,
          log: (message) => log.warn(message),
          ...(config === undefined ? {} : { config }),
        })
        if (cloud.routes && flags.configureCloudRoutes && !flags.clusterCidr)
          throw new UsageError('--configure-cloud-routes needs --cluster-cidr')
        const running = startCloudControllers(client, {
          cloud,
          clusterCIDRs: flags.clusterCidr ?? [],
          configureCloudRoutes: flags.configureCloudRoutes,
          routeReconciliationPeriod: flags.routeReconciliationPeriod,
          nodeMonitorPeriod: flags.nodeMonitorPeriod,
          nodeStatusUpdateFrequency: flags.nodeStatusUpdateFrequency,
          concurrentServiceSyncs: flags.concurrentServiceSyncs,
          concurrentNodeSyncs: flags.concurrentNodeSyncs,
          log,
        })
        await aborted(signal)
        await running.stop()
        await cloud.close()
      })
    })
}
