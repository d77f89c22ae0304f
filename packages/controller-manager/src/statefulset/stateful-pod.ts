import { type Pod, type PodTemplateSpec, StatefulSet, type Volume } from '@treeline/api'
import { controllerReference } from '../ownership/controller-ref.js'
import { podFromTemplate } from '../pods/pod-from-template.js'
import { claimName, ordinalOf, parseOrdinal, podName } from './ordinals.js'

export const revisionLabel = 'controller-revision-hash'
const podNameLabel = 'statefulset.kubernetes.io/pod-name'
const indexLabel = 'apps.kubernetes.io/pod-index'

/** The pod of an ordinal, of a revision of the template. */
export function statefulPod(set: StatefulSet, template: PodTemplateSpec, revision: string, ordinal: number): Pod {
  const pod = podFromTemplate(template, set, controllerReference(StatefulSet, set))
  const named = withIdentity(set, { ...pod, metadata: { ...pod.metadata, name: podName(set, ordinal) } })
  return {
    ...named,
    metadata: { ...named.metadata, labels: { ...named.metadata.labels, [revisionLabel]: revision } },
    spec: named.spec && {
      ...named.spec,
      hostname: named.metadata.name,
      ...(set.spec?.serviceName && { subdomain: set.spec.serviceName }),
      volumes: volumesOf(set, named, ordinal),
    },
  }
}

/** The pod still has the name, the label of its name and the volumes that make it what it is. */
export function isItself(set: StatefulSet, pod: Pod): boolean {
  const { name = '', labels } = pod.metadata
  const parsed = parseOrdinal(name)
  if (!parsed || parsed.set !== set.metadata.name || labels?.[podNameLabel] !== name) return false
  return (set.spec?.volumeClaimTemplates ?? []).every(({ metadata }) => {
    const volume = pod.spec?.volumes?.find((candidate) => candidate.name === metadata.name)
    return volume?.persistentVolumeClaim?.claimName === claimName(set, metadata.name ?? '', parsed.ordinal)
  })
}

/** The pod with what makes it what it is put right. */
export function restored(set: StatefulSet, pod: Pod): Pod {
  const named = withIdentity(set, pod)
  return { ...named, spec: named.spec && { ...named.spec, volumes: volumesOf(set, named, ordinalOf(pod)) } }
}

function withIdentity(set: StatefulSet, pod: Pod): Pod {
  const ordinal = ordinalOf(pod)
  const name = podName(set, ordinal)
  const labels = { ...pod.metadata.labels, [podNameLabel]: name, [indexLabel]: String(ordinal) }
  return { ...pod, metadata: { ...pod.metadata, name, namespace: set.metadata.namespace, labels } }
}

/** The volumes of its claims, before the others of the template. */
function volumesOf(set: StatefulSet, pod: Pod, ordinal: number): Volume[] {
  const claims = (set.spec?.volumeClaimTemplates ?? []).map(({ metadata }): Volume => {
    const name = metadata.name ?? ''
    return { name, persistentVolumeClaim: { claimName: claimName(set, name, ordinal) } }
  })
  const others = (pod.spec?.volumes ?? []).filter(({ name }) => !claims.some((claim) => claim.name === name))
  return [...claims, ...others]
}
