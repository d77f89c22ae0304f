import type { TypeTable } from '../../declaration/type-table.js'

export const podTypes = {
  Pod: {
    $: { object: true, about: 'One or more containers that share an address and are placed on a node together.' },
    metadata: ['meta.v1.ObjectMeta', 1],
    spec: ['PodSpec', 2],
    status: ['PodStatus', 3],
  },
  PodSpec: {
    volumes: [
      'Volume[]',
      1,
      {
        keys: ['name'],
        merge: 'name',
        retainKeys: true,
        about: 'Storage the containers can mount.',
      },
    ],
    initContainers: [
      'Container[]',
      20,
      {
        keys: ['name'],
        merge: 'name',
        about:
          'Containers that run to completion one after another before the others start; with restartPolicy Always they keep running beside them.',
      },
    ],
    containers: [
      'Container[]!',
      2,
      { keys: ['name'], merge: 'name', about: 'Containers that run for as long as the pod does; at least one.' },
    ],
    ephemeralContainers: [
      'EphemeralContainer[]',
      34,
      { keys: ['name'], merge: 'name', about: 'Containers added to a running pod to look into it.' },
    ],
    restartPolicy: ['RestartPolicy', 3, { about: 'Whether containers that end are started again.' }],
    terminationGracePeriodSeconds: [
      'int64?',
      4,
      {
        about: 'Time its containers get to end by themselves when it is deleted.',
      },
    ],
    activeDeadlineSeconds: ['int64?', 5, { about: 'Time after which it is ended as failed.' }],
    dnsPolicy: ['DNSPolicy', 6, { about: 'Where names are looked up.' }],
    nodeSelector: ['string{}', 7, { atomic: true, about: 'Labels a node must have.' }],
    serviceAccountName: ['string', 8, { about: 'Identity of the pod towards the API.' }],
    serviceAccount: ['string', 9],
    automountServiceAccountToken: ['boolean?', 21],
    nodeName: ['string', 10, { about: 'Node the pod runs on; set by the scheduler.' }],
    hostNetwork: [
      'boolean',
      11,
      {
        about: 'Shares the network of the node instead of having an address of its own.',
      },
    ],
    hostPID: ['boolean', 12],
    hostIPC: ['boolean', 13],
    shareProcessNamespace: ['boolean?', 27],
    securityContext: [
      'PodSecurityContext?',
      14,
      {
        about: 'Users, groups and privileges, for all containers that do not say otherwise.',
      },
    ],
    imagePullSecrets: ['LocalObjectReference[]', 15, { keys: ['name'], merge: 'name', about: 'Secrets to pull images with.' }],
    hostname: ['string', 16],
    subdomain: ['string', 17],
    affinity: [
      'Affinity?',
      18,
      {
        about: 'Which nodes and which other pods it wants near, or far.',
      },
    ],
    schedulerName: ['string', 19, { about: 'Scheduler that is to place the pod.' }],
    tolerations: ['Toleration[]', 22, { about: 'Taints of nodes it puts up with.' }],
    hostAliases: ['HostAlias[]', 23, { keys: ['ip'], merge: 'ip' }],
    priorityClassName: [
      'string',
      24,
      {
        about: 'How important the pod is, by the name of a PriorityClass.',
      },
    ],
    priority: ['int32?', 25],
    dnsConfig: ['PodDNSConfig?', 26],
    readinessGates: ['PodReadinessGate[]', 28],
    runtimeClassName: ['string?', 29],
    enableServiceLinks: ['boolean?', 30],
    preemptionPolicy: ['PreemptionPolicy?', 31],
    overhead: ['Quantity{}', 32],
    topologySpreadConstraints: [
      'TopologySpreadConstraint[]',
      33,
      { keys: ['topologyKey', 'whenUnsatisfiable'], merge: 'topologyKey', about: 'How pods are spread over zones, nodes and the like.' },
    ],
    setHostnameAsFQDN: ['boolean?', 35],
    os: ['PodOS?', 36],
    hostUsers: ['boolean?', 37],
    schedulingGates: [
      'PodSchedulingGate[]',
      38,
      { keys: ['name'], merge: 'name', about: 'Keep the pod from being scheduled until all are removed.' },
    ],
    resourceClaims: ['PodResourceClaim[]', 39, { keys: ['name'], merge: 'name', retainKeys: true }],
    resources: ['ResourceRequirements?', 40, { about: 'What all containers together need and may use.' }],
    hostnameOverride: ['string?', 41],
    workloadRef: ['WorkloadReference?', 42, { gate: 'GenericWorkload' }],
  },
  PodTemplate: {
    $: { object: true, about: 'A description of pods to make, kept on its own.' },
    metadata: ['meta.v1.ObjectMeta', 1],
    template: ['PodTemplateSpec', 2],
  },
  PodTemplateSpec: {
    metadata: ['meta.v1.ObjectMeta', 1],
    spec: ['PodSpec', 2],
  },
  PodOS: {
    name: ['OSName!', 1],
  },
  PodDNSConfig: {
    nameservers: ['string[]', 1],
    searches: ['string[]', 2],
    options: ['PodDNSConfigOption[]', 3],
  },
  PodDNSConfigOption: {
    name: ['string', 1],
    value: ['string?', 2],
  },
  HostAlias: {
    ip: ['string!', 1],
    hostnames: ['string[]', 2],
  },
  PodReadinessGate: {
    conditionType: ['PodConditionType!', 1],
  },
  PodSchedulingGate: {
    name: ['string!', 1],
  },
  PodResourceClaim: {
    name: ['string!', 1],
    resourceClaimName: ['string?', 3],
    resourceClaimTemplateName: ['string?', 4],
  },
  WorkloadReference: {
    name: ['string!', 1],
    podGroup: ['string!', 2],
    podGroupReplicaKey: ['string', 3],
  },
  PodSecurityContext: {
    seLinuxOptions: ['SELinuxOptions?', 1],
    windowsOptions: ['WindowsSecurityContextOptions?', 8],
    runAsUser: ['int64?', 2],
    runAsGroup: ['int64?', 6],
    runAsNonRoot: ['boolean?', 3],
    supplementalGroups: ['int64[]', 4],
    supplementalGroupsPolicy: ['SupplementalGroupsPolicy?', 12],
    fsGroup: ['int64?', 5],
    sysctls: ['Sysctl[]', 7],
    fsGroupChangePolicy: ['PodFSGroupChangePolicy?', 9],
    seccompProfile: ['SeccompProfile?', 10],
    appArmorProfile: ['AppArmorProfile?', 11],
    seLinuxChangePolicy: ['PodSELinuxChangePolicy?', 13],
  },
  Sysctl: {
    name: ['string!', 1],
    value: ['string!', 2],
  },
  DNSPolicy: ['ClusterFirstWithHostNet', 'ClusterFirst', 'Default', 'None'],
  OSName: ['linux', 'windows', '*'],
  PodFSGroupChangePolicy: ['OnRootMismatch', 'Always'],
  PodSELinuxChangePolicy: ['Recursive', 'MountOption', '*'],
  PreemptionPolicy: ['PreemptLowerPriority', 'Never'],
  RestartPolicy: ['Always', 'OnFailure', 'Never'],
  SupplementalGroupsPolicy: ['Merge', 'Strict'],
} as const satisfies TypeTable
