import type { FieldPath } from '@treeline/machinery'
import type { TypeOf } from '../../declaration/type-of.js'
import { forEachItem } from '../findings.js'

/** Calls `visit` with every container of a pod: init containers, then the main ones, then ephemeral ones. */
export function visitContainers(
  spec: TypeOf<'core.v1.PodSpec'>,
  path: FieldPath,
  visit: (container: TypeOf<'core.v1.Container'>, path: FieldPath) => void,
): void {
  forEachItem(spec.initContainers, path.child('initContainers'), visit)
  forEachItem(spec.containers, path.child('containers'), visit)
  forEachItem(spec.ephemeralContainers, path.child('ephemeralContainers'), visit)
}
