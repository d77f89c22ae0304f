import { type Container, Job, type Pod } from '@treeline/api'
import { controllerReference } from '../ownership/controller-ref.js'
import { podFromTemplate } from '../pods/pod-from-template.js'
import { judgeFailure } from './failure-policy.js'
import { failureAnnotations, failuresBefore, indexAnnotation, isPerIndex, trackingFinalizer } from './job-pods.js'

const indexVariable = 'JOB_COMPLETION_INDEX'
/** Longest prefix of a generated name. */
const prefixLimit = 58

/** A pod of a Job; of an indexed one, for an index, replacing a failed pod of it if there is one. */
export function jobPod(job: Job, index: number | undefined, replaced: Pod | undefined): Pod {
  const pod = podFromTemplate(job.spec?.template, job, controllerReference(Job, job))
  const finalizers = [...(pod.metadata.finalizers ?? [])]
  if (!finalizers.includes(trackingFinalizer)) finalizers.push(trackingFinalizer)
  if (index === undefined) return { ...pod, metadata: { ...pod.metadata, finalizers } }
  const suffix = `-${index}-`
  const name = job.metadata.name ?? ''
  const { labels, annotations, ...metadata } = pod.metadata
  return {
    ...pod,
    metadata: {
      ...metadata,
      finalizers,
      generateName: name.slice(0, prefixLimit - suffix.length) + suffix,
      labels: { ...labels, [indexAnnotation]: String(index) },
      annotations: { ...annotations, [indexAnnotation]: String(index), ...(isPerIndex(job) && failuresOf(job, replaced)) },
    },
    spec: pod.spec && {
      ...pod.spec,
      hostname: `${name}-${index}`,
      containers: pod.spec.containers.map(withIndexVariable),
      ...(pod.spec.initContainers && { initContainers: pod.spec.initContainers.map(withIndexVariable) }),
    },
  }
}

function withIndexVariable(container: Container): Container {
  if (container.env?.some(({ name }) => name === indexVariable)) return container
  const fieldRef = { fieldPath: `metadata.labels['${indexAnnotation}']` }
  return { ...container, env: [...(container.env ?? []), { name: indexVariable, valueFrom: { fieldRef } }] }
}

/** The failures of the index so far. */
function failuresOf(job: Job, replaced: Pod | undefined): Record<string, string> {
  const { counted, ignored } = replaced ? failuresBefore(replaced) : { counted: 0, ignored: 0 }
  const counts = replaced !== undefined && judgeFailure(job, replaced).counts
  const ignoredNow = ignored + (replaced !== undefined && !counts ? 1 : 0)
  return {
    [failureAnnotations.counted]: String(counted + (counts ? 1 : 0)),
    ...(ignoredNow > 0 && { [failureAnnotations.ignored]: String(ignoredNow) }),
  }
}
