import type { FlowSchema, FlowSchemaSpec, PriorityLevelConfiguration, PriorityLevelConfigurationSpec } from '@treeline/api'

/** Limited levels: nominal shares, lendable percent, and queues, hand size and queue length (absent: reject at once). */
const limitedLevels: readonly [name: string, shares: number, lendable: number, queues?: number, hand?: number, length?: number][] = [
  ['catch-all', 5, 0],
  ['system', 30, 33, 64, 6, 50],
  ['node-high', 40, 25, 64, 6, 50],
  ['leader-election', 10, 0, 16, 4, 50],
  ['workload-high', 40, 50, 128, 6, 50],
  ['workload-low', 100, 90, 128, 6, 50],
  ['global-default', 20, 50, 128, 6, 50],
]

interface SchemaRow {
  readonly name: string
  readonly precedence: number
  readonly level: string
  readonly flowsBy?: 'ByUser' | 'ByNamespace'
  /** `user NAME`, `group NAME`, `account NAMESPACE/NAME`. */
  readonly subjects: readonly string[]
  /** `verbs | resources | group [| cluster]`, or `verbs | paths`. Absent: everything. */
  readonly matches?: readonly string[]
}

const everyone = ['group system:unauthenticated', 'group system:authenticated']

const schemas: readonly SchemaRow[] = [
  { name: 'exempt', precedence: 1, level: 'exempt', subjects: ['group system:masters'] },
  { name: 'probes', precedence: 2, level: 'exempt', subjects: everyone, matches: ['get | /healthz /readyz /livez'] },
  {
    name: 'system-leader-election',
    precedence: 100,
    level: 'leader-election',
    flowsBy: 'ByUser',
    subjects: ['user system:kube-controller-manager', 'user system:kube-scheduler', 'account kube-system/*'],
    matches: ['get create update | leases | coordination.k8s.io'],
  },
  {
    name: 'system-node-high',
    precedence: 400,
    level: 'node-high',
    flowsBy: 'ByUser',
    subjects: ['group system:nodes'],
    matches: ['* | nodes nodes/status |  | cluster', '* | leases | coordination.k8s.io'],
  },
  { name: 'system-nodes', precedence: 500, level: 'system', flowsBy: 'ByUser', subjects: ['group system:nodes'] },
  {
    name: 'kube-controller-manager',
    precedence: 800,
    level: 'workload-high',
    flowsBy: 'ByNamespace',
    subjects: ['user system:kube-controller-manager'],
  },
  { name: 'kube-scheduler', precedence: 800, level: 'workload-high', flowsBy: 'ByNamespace', subjects: ['user system:kube-scheduler'] },
  {
    name: 'kube-system-service-accounts',
    precedence: 900,
    level: 'workload-high',
    flowsBy: 'ByNamespace',
    subjects: ['account kube-system/*'],
  },
  { name: 'service-accounts', precedence: 9000, level: 'workload-low', flowsBy: 'ByUser', subjects: ['group system:serviceaccounts'] },
  { name: 'global-default', precedence: 9900, level: 'global-default', flowsBy: 'ByUser', subjects: everyone },
  { name: 'catch-all', precedence: 10_000, level: 'catch-all', flowsBy: 'ByUser', subjects: everyone },
]

/** Objects that are forced back to their default, whatever their annotation says. */
export const mandatoryFlowControl: ReadonlySet<string> = new Set(['exempt', 'catch-all'])

/** On `false`, the server leaves a default object as its owner made it. */
export const autoUpdateSpec = 'apf.kubernetes.io/autoupdate-spec'

/** The priority levels every cluster begins with. */
export function bootstrapPriorityLevels(): PriorityLevelConfiguration[] {
  const exempt: PriorityLevelConfigurationSpec = { type: 'Exempt', exempt: { nominalConcurrencyShares: 0, lendablePercent: 0 } }
  return [
    { metadata: metadata('exempt'), spec: exempt },
    ...limitedLevels.map(([name, shares, lendablePercent, queues, handSize, queueLengthLimit]) => ({
      metadata: metadata(name),
      spec: {
        type: 'Limited' as const,
        limited: {
          nominalConcurrencyShares: shares,
          lendablePercent,
          limitResponse:
            queues === undefined
              ? { type: 'Reject' as const }
              : { type: 'Queue' as const, queuing: { queues, handSize, queueLengthLimit } },
        },
      },
    })),
  ]
}

/** The flow schemas every cluster begins with. */
export function bootstrapFlowSchemas(): FlowSchema[] {
  return schemas.map((row) => ({
    metadata: metadata(row.name),
    spec: {
      priorityLevelConfiguration: { name: row.level },
      matchingPrecedence: row.precedence,
      ...(row.flowsBy ? { distinguisherMethod: { type: row.flowsBy } } : {}),
      rules: [{ subjects: row.subjects.map(subject), ...(row.matches ? matching(row.matches) : everything) }],
    },
  }))
}

type Rule = NonNullable<FlowSchemaSpec['rules']>[number]

const metadata = (name: string) => ({ name, annotations: { [autoUpdateSpec]: 'true' } })

const everything: Omit<Rule, 'subjects'> = {
  resourceRules: [{ verbs: ['*'], apiGroups: ['*'], resources: ['*'], clusterScope: true, namespaces: ['*'] }],
  nonResourceRules: [{ verbs: ['*'], nonResourceURLs: ['*'] }],
}

const matching = (lines: readonly string[]): Omit<Rule, 'subjects'> => {
  const rules = lines.map((line) => line.split(' | '))
  const paths = rules.filter(([, what]) => what?.startsWith('/'))
  const resources = rules.filter(([, what]) => !what?.startsWith('/'))
  return {
    ...(resources.length > 0 ? { resourceRules: resources.map(resourceRule) } : {}),
    ...(paths.length > 0
      ? { nonResourceRules: paths.map(([verbs = '', what = '']) => ({ verbs: verbs.split(' '), nonResourceURLs: what.split(' ') })) }
      : {}),
  }
}

const resourceRule = ([verbs = '', resources = '', group = '', scope]: readonly string[]) => ({
  verbs: verbs.split(' '),
  apiGroups: [group],
  resources: resources.split(' '),
  ...(scope === 'cluster' ? { clusterScope: true } : {}),
  namespaces: ['*'],
})

const subject = (text: string): Rule['subjects'][number] => {
  const [kind, name = ''] = text.split(' ')
  if (kind === 'user') return { kind: 'User', user: { name } }
  if (kind === 'group') return { kind: 'Group', group: { name } }
  const [namespace = '', account = ''] = name.split('/')
  return { kind: 'ServiceAccount', serviceAccount: { namespace, name: account } }
}
