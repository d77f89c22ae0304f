import type { FieldPath } from '@treeline/machinery'
import type { TypeOf } from '../../declaration/type-of.js'
import { type Findings, requireText } from '../findings.js'
import { checkFileMode } from '../numbers.js'
import { checkLocalPath } from './file-paths.js'

/** An entry of a ConfigMap or Secret, and the file it becomes. */
export function checkKeyToPath(found: Findings, { key, path: target = '', mode }: TypeOf<'core.v1.KeyToPath'>, path: FieldPath): void {
  requireText(found, key, path.child('key'))
  requireText(found, target, path.child('path'))
  checkLocalPath(found, target, path.child('path'))
  checkFileMode(found, mode, path.child('mode'))
}
