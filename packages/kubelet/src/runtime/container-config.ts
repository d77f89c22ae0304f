import type { MessageInitShape } from '@bufbuild/protobuf'
import type { Container } from '@treeline/api'
import type { ContainerConfigSchema, MountSchema } from '@treeline/cri'
import type { AssignedPod } from '../assigned-pod.js'
import { expand } from '../environment/expand.js'
import { containerResources } from '../resources/linux-resources.js'
import { containerAnnotations, containerLabels } from './identity.js'
import { containerLogPath } from './log-paths.js'
import { containerSecurityContext, type ImageUser, type SecurityDefaults } from './security-context.js'

export interface ContainerSurroundings {
  readonly restartCount: number
  /** Id of the image in the runtime. */
  readonly imageRef: string
  readonly imageUser: ImageUser
  readonly environment: ReadonlyMap<string, string>
  readonly mounts: readonly MessageInitShape<typeof MountSchema>[]
  readonly security: SecurityDefaults
  readonly nodeMemory: number
  readonly targetId: string | undefined
}

/** Everything a runtime needs to make a container. */
export function containerConfig(
  pod: AssignedPod,
  container: Container,
  surroundings: ContainerSurroundings,
): MessageInitShape<typeof ContainerConfigSchema> {
  const { restartCount, imageRef, imageUser, environment, mounts, security, nodeMemory, targetId } = surroundings
  const expanded = (words: readonly string[] | undefined) => (words ?? []).map((word) => expand(word, (name) => environment.get(name)))
  return {
    metadata: { name: container.name, attempt: restartCount },
    image: { image: imageRef, userSpecifiedImage: container.image ?? '' },
    command: expanded(container.command),
    args: expanded(container.args),
    workingDir: container.workingDir ?? '',
    envs: [...environment].map(([key, value]) => ({ key, value })),
    mounts: [...mounts],
    labels: containerLabels(pod, container),
    annotations: containerAnnotations(pod, container, restartCount),
    logPath: containerLogPath(container.name, restartCount),
    stdin: container.stdin === true,
    stdinOnce: container.stdinOnce === true,
    tty: container.tty === true,
    linux: {
      resources: containerResources(pod, container, nodeMemory),
      securityContext: containerSecurityContext(pod, container, imageUser, security, targetId),
    },
  }
}
