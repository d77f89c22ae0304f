import type { TypeOf } from '../../../declaration/type-of.js'
import { cidrWarnings, ipWarnings, listWarnings } from './address-warnings.js'

/** What a service says in vain, as texts for Warning headers. */
export function serviceWarnings({ metadata, spec }: TypeOf<'core.v1.Service'>): string[] {
  if (!spec) return []
  const headless = spec.clusterIP === 'None' && spec.type === 'ClusterIP'
  const external = (spec.externalIPs?.length ?? 0) > 0
  const rules: readonly (readonly [applies: boolean, text: string])[] = [
    [
      metadata.annotations?.['service.kubernetes.io/topology-aware-hints'] !== undefined,
      'annotation service.kubernetes.io/topology-aware-hints is deprecated, please use service.kubernetes.io/topology-mode instead',
    ],
    [headless && !!spec.loadBalancerIP, 'spec.loadBalancerIP is ignored for headless services'],
    [headless && external, 'spec.externalIPs is ignored for headless services'],
    [headless && spec.sessionAffinity !== 'None', 'spec.SessionAffinity is ignored for headless services'],
    [spec.type === 'ExternalName' && external, 'spec.externalIPs is ignored when spec.type is "ExternalName"'],
    [spec.type !== 'ExternalName' && !!spec.externalName, 'spec.externalName is ignored when spec.type is not "ExternalName"'],
    [spec.trafficDistribution === 'PreferClose', 'spec.trafficDistribution: "PreferClose" is deprecated; use "PreferSameZone"'],
  ]
  return [
    ...listWarnings(spec.clusterIP === 'None' ? [] : spec.clusterIPs, 'spec.clusterIPs', ipWarnings),
    ...rules.flatMap(([applies, text]) => (applies ? [text] : [])),
    ...listWarnings(spec.externalIPs, 'spec.externalIPs', ipWarnings),
    ...(spec.loadBalancerIP ? ipWarnings(spec.loadBalancerIP, 'spec.loadBalancerIP') : []),
    ...listWarnings(spec.loadBalancerSourceRanges, 'spec.loadBalancerSourceRanges', cidrWarnings),
  ]
}
