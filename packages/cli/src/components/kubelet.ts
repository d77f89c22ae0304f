import { readFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { resolve } from 'node:path'
import type { Command } from 'commander'
import { portOption } from '../commands/options.js'
import { UsageError } from '../usage-error.js'
import { aborted, type ComponentFlags, runComponent } from './component.js'

interface KubeletFlags extends ComponentFlags {
  hostnameOverride: string
  nodeIp: string
  port: number
  containerRuntimeEndpoint: string
  rootDir: string
  cloudProvider: 'external' | ''
  providerId: string | undefined
  tlsCertFile: string | undefined
  tlsPrivateKeyFile: string | undefined
  clientCaFile: string | undefined
}

/** `treeline kubelet`: the node agent of one machine, over any CRI runtime. */
export function addKubelet(program: Command): void {
  program
    .command('kubelet')
    .description('the node agent alone')
    .option('--kubeconfig <file>', 'how to reach the API server')
    .option('--hostname-override <name>', 'name of the node', hostname())
    .requiredOption('--node-ip <ip>', 'address of the node, reported and listened on')
    .option('--port <n>', 'port of the HTTPS endpoints', portOption, 10_250)
    .requiredOption(
      '--container-runtime-endpoint <socket>',
      'unix socket of the container runtime, such as unix:///run/containerd/containerd.sock',
    )
    .option('--root-dir <dir>', 'volumes of pods and the agent’s own state', '/var/lib/kubelet')
    .option('--cloud-provider <name>', '`external`: a cloud controller manager initialises the node', '')
    .option('--provider-id <id>', 'the node’s identity in its cloud')
    .option('--tls-cert-file <file>', 'certificate to serve with; without it there are no logs, exec or port-forward')
    .option('--tls-private-key-file <file>', 'its key')
    .option('--client-ca-file <file>', 'authority of clients')
    .option('--json', 'machine-readable lines', false)
    .addHelpText(
      'after',
      '\nExample:\n  treeline kubelet --kubeconfig node.conf --node-ip 10.0.0.5 --container-runtime-endpoint unix:///run/containerd/containerd.sock',
    )
    .action(async (flags: KubeletFlags) => {
      if (flags.cloudProvider !== '' && flags.cloudProvider !== 'external') throw new UsageError('--cloud-provider is "" or "external"')
      const certificates = await certificatesOf(flags)
      const { startKubelet } = await import('@treeline/kubelet')
      process.exitCode = await runComponent('kubelet', flags, async ({ client, log, signal }) => {
        const kubelet = await startKubelet({
          nodeName: flags.hostnameOverride,
          client,
          criSocket: flags.containerRuntimeEndpoint.replace(/^unix:\/\//, ''),
          nodeIP: flags.nodeIp,
          port: flags.port,
          cloudProvider: flags.cloudProvider,
          rootDirectory: resolve(flags.rootDir),
          ...(flags.providerId === undefined ? {} : { providerID: flags.providerId }),
          ...(certificates ? { certificates } : {}),
          log,
        })
        await aborted(signal)
        await kubelet.close()
      })
    })
}

async function certificatesOf(flags: KubeletFlags): Promise<{ serving: { key: string; cert: string }; clientCA: string } | undefined> {
  const { tlsCertFile, tlsPrivateKeyFile, clientCaFile } = flags
  if (tlsCertFile === undefined && tlsPrivateKeyFile === undefined && clientCaFile === undefined) return undefined
  if (tlsCertFile === undefined || tlsPrivateKeyFile === undefined || clientCaFile === undefined)
    throw new UsageError('--tls-cert-file, --tls-private-key-file and --client-ca-file go together')
  const [cert, key, clientCA] = await Promise.all([tlsCertFile, tlsPrivateKeyFile, clientCaFile].map((file) => readFile(file, 'utf8')))
  return { serving: { cert: cert ?? '', key: key ?? '' }, clientCA: clientCA ?? '' }
}
