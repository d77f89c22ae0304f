import type { AssignedPod } from '../assigned-pod.js'
import { qosClass } from './requests.js'

export type CgroupDriver = 'cgroupfs' | 'systemd'

/** The cgroup of a pod, in the form the driver wants it. */
export function cgroupParent(pod: AssignedPod, driver: CgroupDriver): string {
  const { uid } = pod.metadata
  const middle = { Guaranteed: '', Burstable: 'burstable', BestEffort: 'besteffort' }[qosClass(pod)]
  if (driver === 'systemd') {
    const prefix = middle === '' ? 'kubepods' : `kubepods-${middle}`
    return `/kubepods.slice/${middle === '' ? '' : `${prefix}.slice/`}${prefix}-pod${uid.replaceAll('-', '_')}.slice`
  }
  return `/kubepods/${middle === '' ? '' : `${middle}/`}pod${uid}`
}
