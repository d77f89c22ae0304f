import { ContainerFiles } from '../files/container-files.js'
import { profileOf } from '../images/image-profiles.js'
import type { NodeState } from '../node-state.js'
import type { Program } from '../programs/process.js'
import { pause } from '../programs/wait.js'
import type { Machine } from '../shell/command.js'
import type { SimulatedContainer } from '../simulated-pod.js'

const machines = new WeakMap<SimulatedContainer, Machine>()

/** The container as its commands see it: one for the main process and every exec alike. Made when it is first needed. */
export function machineOf(state: NodeState, container: SimulatedContainer): Machine {
  const known = machines.get(container)
  if (known !== undefined) return known
  const { sandbox, config, image } = container
  const { servers, searches, options } = sandbox.config.dnsConfig ?? { servers: [], searches: [], options: [] }
  const hostname = sandbox.hostNetwork ? state.nodeName : sandbox.config.hostname || sandbox.metadata.name
  const security = config.linux?.securityContext
  const machine: Machine = {
    hostname,
    address: sandbox.address || state.nodeAddress,
    user: { uid: Number(security?.runAsUser?.value ?? 0), gid: Number(security?.runAsGroup?.value ?? 0) },
    files: new ContainerFiles(
      config.mounts.map(({ containerPath, hostPath, readonly }) => ({ containerPath, hostPath, readOnly: readonly })),
      {
        '/etc/hostname': `${hostname}\n`,
        '/etc/os-release': `NAME="${image.baseName}"\nPRETTY_NAME="${image.baseName} (simulated)"\n`,
        '/etc/passwd': 'root:x:0:0:root:/root:/bin/sh\n',
        '/etc/resolv.conf': [
          ...(searches.length > 0 ? [`search ${searches.join(' ')}\n`] : []),
          ...servers.map((server) => `nameserver ${server}\n`),
          ...(options.length > 0 ? [`options ${options.join(' ')}\n`] : []),
        ].join(''),
      },
    ),
    resolve: (address, port) =>
      address === 'localhost' || address === '127.0.0.1'
        ? state.addressBook.resolve(machine.address, port)
        : state.addressBook.resolve(address, port),
    signalMain: (kill) => {
      if (kill) container.process?.kill()
      else container.process?.stop()
    },
    ownProgram: (name) => ownProgram(container, name),
  }
  machines.set(container, machine)
  return machine
}

/** In the image of a server, a command that is called like the image is the server. */
function ownProgram({ image, behaviour }: SimulatedContainer, name: string): Program | undefined {
  const { kind } = profileOf(image.baseName)
  if (kind !== 'server' || name === '' || !(name.includes(image.baseName) || image.baseName.includes(name))) return undefined
  return async (signal) => {
    await pause(Number.POSITIVE_INFINITY, signal)
    return behaviour.exitCode ?? 0
  }
}
