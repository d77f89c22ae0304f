import type {
  DaemonSet,
  Deployment,
  Job,
  Node,
  Pod,
  PodSpec,
  PodTemplateSpec,
  ReplicaSet,
  Service,
  StatefulSet,
  Taint,
} from '@treeline/api'
import type { ControllerFixture } from '@treeline/client/testing'
import type { KubernetesObject, ObjectMeta, OwnerReference } from '@treeline/machinery'

/** Objects for tests, all in namespace `a` unless told otherwise. */
export const namespace = 'a'

export const started = '2026-01-01T00:00:00Z'

export function template(image = 'one', labels: Record<string, string> = { app: 'web' }): PodTemplateSpec {
  return { metadata: { labels }, spec: { containers: [{ name: 'c', image }], restartPolicy: 'Always' } }
}

export function ownedBy(owner: KubernetesObject): OwnerReference {
  const { name = '', uid = '' } = owner.metadata
  return { apiVersion: owner.apiVersion ?? '', kind: owner.kind ?? '', name, uid, controller: true, blockOwnerDeletion: true }
}

const metadata = (name: string, extra: Partial<ObjectMeta> = {}): ObjectMeta => ({
  namespace,
  name,
  uid: `uid of ${name}`,
  generation: 1,
  creationTimestamp: started,
  ...extra,
})

export interface PodWish {
  readonly owner?: KubernetesObject
  readonly labels?: Record<string, string>
  readonly phase?: NonNullable<Pod['status']>['phase']
  /** When it became ready, or true for long ago. */
  readonly ready?: boolean | string
  readonly node?: string
  readonly ip?: string
  readonly metadata?: Partial<ObjectMeta>
  readonly spec?: Partial<PodSpec>
  readonly status?: Pod['status']
}

export function pod(name: string, wish: PodWish = {}): Pod {
  const { owner, labels = { app: 'web' }, ready, node, ip, phase = ready === undefined ? 'Pending' : 'Running' } = wish
  const since = typeof ready === 'string' ? ready : started
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: metadata(name, { labels, ...(owner && { ownerReferences: [ownedBy(owner)] }), ...wish.metadata }),
    spec: { containers: [{ name: 'c', image: 'one' }], ...(node && { nodeName: node }), ...wish.spec },
    status: {
      phase,
      ...(ready !== undefined && { conditions: [{ type: 'Ready', status: ready ? 'True' : 'False', lastTransitionTime: since }] }),
      ...(ip && { podIP: ip, podIPs: [{ ip }] }),
      ...wish.status,
    },
  }
}

export function deployment(name: string, spec: Partial<NonNullable<Deployment['spec']>> = {}): Deployment {
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: metadata(name),
    spec: {
      replicas: 3,
      selector: { matchLabels: { app: 'web' } },
      template: template(),
      strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } },
      progressDeadlineSeconds: 600,
      revisionHistoryLimit: 10,
      ...spec,
    },
  }
}

export function replicaSet(name: string, spec: Partial<NonNullable<ReplicaSet['spec']>> = {}, extra: Partial<ObjectMeta> = {}): ReplicaSet {
  return {
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: metadata(name, extra),
    spec: { replicas: 3, selector: { matchLabels: { app: 'web' } }, template: template(), ...spec },
  }
}

export function statefulSet(name: string, spec: Partial<NonNullable<StatefulSet['spec']>> = {}): StatefulSet {
  return {
    apiVersion: 'apps/v1',
    kind: 'StatefulSet',
    metadata: metadata(name),
    spec: {
      replicas: 3,
      serviceName: name,
      selector: { matchLabels: { app: 'web' } },
      template: template(),
      podManagementPolicy: 'OrderedReady',
      updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: 0 } },
      revisionHistoryLimit: 10,
      ...spec,
    },
  }
}

export function daemonSet(name: string, spec: Partial<NonNullable<DaemonSet['spec']>> = {}): DaemonSet {
  return {
    apiVersion: 'apps/v1',
    kind: 'DaemonSet',
    metadata: metadata(name),
    spec: {
      selector: { matchLabels: { app: 'web' } },
      template: template(),
      updateStrategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 1, maxSurge: 0 } },
      revisionHistoryLimit: 10,
      ...spec,
    },
  }
}

export function job(name: string, spec: Partial<NonNullable<Job['spec']>> = {}): Job {
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: metadata(name),
    spec: {
      parallelism: 2,
      completions: 3,
      backoffLimit: 6,
      completionMode: 'NonIndexed',
      selector: { matchLabels: { app: 'web' } },
      template: template(),
      ...spec,
    },
  }
}

export interface NodeWish {
  readonly ready?: 'True' | 'False' | 'Unknown'
  readonly heartbeat?: string
  readonly labels?: Record<string, string>
  readonly taints?: Taint[]
  readonly podCIDR?: string
}

export function node(name: string, { ready = 'True', heartbeat = started, labels = {}, taints, podCIDR }: NodeWish = {}): Node {
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name, uid: `uid of ${name}`, creationTimestamp: started, labels },
    spec: { ...(taints && { taints }), ...(podCIDR && { podCIDR, podCIDRs: [podCIDR] }) },
    status: { conditions: [{ type: 'Ready', status: ready, lastHeartbeatTime: heartbeat, lastTransitionTime: started }] },
  }
}

export function service(name: string, spec: Service['spec'] = {}): Service {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: metadata(name),
    spec: {
      clusterIP: '10.96.0.1',
      ipFamilies: ['IPv4'],
      selector: { app: 'web' },
      ports: [{ name: 'http', port: 80, targetPort: 8080, protocol: 'TCP' }],
      ...spec,
    },
  }
}

/** Objects of a kind in the world of a fixture, by name. */
export function world<T extends KubernetesObject>(
  fixture: ControllerFixture,
  kind: { readonly kind: string; readonly objectType?: T },
): T[] {
  const all = fixture.client.all().filter((object) => object.kind === kind.kind) as T[]
  return all.sort((a, b) => (String(a.metadata.name) < String(b.metadata.name) ? -1 : 1))
}

/** Changes an object of the world as if someone else did. */
export function change<T extends KubernetesObject>(fixture: ControllerFixture, object: T, how: (copy: T) => void): T {
  const copy = structuredClone(object)
  how(copy)
  return fixture.client.put(copy)
}
