import { type FieldPath, validateLabelName } from '@treeline/machinery'
import type { TypeOf } from '../../declaration/type-of.js'
import { type Findings, forEachItem } from '../findings.js'

interface Keyed {
  readonly matchLabelKeys?: string[]
  readonly mismatchLabelKeys?: string[]
  readonly labelSelector?: TypeOf<'meta.v1.LabelSelector'>
}

/** Keys whose values are taken from the pod itself, and so may not stand in its selector. */
export function checkMatchLabelKeys(found: Findings, { matchLabelKeys, mismatchLabelKeys, labelSelector }: Keyed, path: FieldPath): void {
  checkKeys(found, matchLabelKeys, labelSelector, path.child('matchLabelKeys'))
  checkKeys(found, mismatchLabelKeys, labelSelector, path.child('mismatchLabelKeys'))
  if (labelSelector) {
    const selected = new Set(Object.keys(labelSelector.matchLabels ?? {}))
    for (const { key } of labelSelector.matchExpressions ?? []) {
      const index = matchLabelKeys?.lastIndexOf(key) ?? -1
      if (index >= 0 && selected.has(key)) found.invalid(path.index(index), key, 'exists in both matchLabelKeys and labelSelector')
      selected.add(key)
    }
  }
  forEachItem(matchLabelKeys, path.child('matchLabelKeys'), (key, at) => {
    if (mismatchLabelKeys?.includes(key)) found.invalid(at, key, 'exists in both matchLabelKeys and mismatchLabelKeys')
  })
}

function checkKeys(found: Findings, keys: string[] | undefined, selector: Keyed['labelSelector'], path: FieldPath): void {
  if (!keys?.length) return
  if (!selector) {
    found.forbidden(path, 'must not be specified when labelSelector is not set')
    return
  }
  forEachItem(keys, path, (key, at) => found.add(...validateLabelName(key, at)))
}
