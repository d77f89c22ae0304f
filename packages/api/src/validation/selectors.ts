import { type LabelSelector as CompiledSelector, type FieldPath, labelSelectorFrom, validateLabelSelector } from '@treeline/machinery'
import type { TypeOf } from '../declaration/type-of.js'
import type { Findings } from './findings.js'
import { printedSelector } from './printed-map.js'

type LabelSelector = TypeOf<'meta.v1.LabelSelector'>

/** The selector a workload must have: well-formed, and not of everything. Answers it when it can select. */
export function checkWorkloadSelector(
  found: Findings,
  selector: LabelSelector | undefined,
  path: FieldPath,
  texts: { readonly empty: string; readonly malformed: string },
): CompiledSelector | undefined {
  if (!selector) found.required(path)
  else {
    found.add(...validateLabelSelector(selector, path))
    if (isEmptySelector(selector)) found.invalid(path, selector, texts.empty)
  }
  const compiled = compileSelector(selector)
  if (!compiled) found.invalid(path, printedSelector(selector), texts.malformed)
  return compiled
}

export function isEmptySelector({ matchLabels, matchExpressions }: LabelSelector): boolean {
  return Object.keys(matchLabels ?? {}).length === 0 && !matchExpressions?.length
}

/** `undefined` when the selector is malformed. */
export function compileSelector(selector: LabelSelector | undefined): CompiledSelector | undefined {
  try {
    return labelSelectorFrom(selector)
  } catch {
    // What is wrong has been told by its validation.
    return undefined
  }
}
