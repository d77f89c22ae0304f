import { type LabelSelector, type LabelSelectorSource, labelSelectorFrom, labelSelectorFromSet } from '@treeline/machinery'

const known = new WeakMap<object, LabelSelector>()

/** The selector an object states, compiled once per version of the object. Absent selects nothing. */
export function compiledSelector(source: LabelSelectorSource | null | undefined): LabelSelector {
  if (!source) return labelSelectorFrom(source)
  return remembered(source, () => labelSelectorFrom(source))
}

/** The same for a plain set of labels (Service, ReplicationController); here empty selects everything. */
export function compiledSet(labels: Readonly<Record<string, string>> | undefined): LabelSelector {
  if (!labels) return labelSelectorFrom(undefined)
  return remembered(labels, () => labelSelectorFromSet(labels))
}

function remembered(source: object, compile: () => LabelSelector): LabelSelector {
  let selector = known.get(source)
  if (!selector) {
    selector = compile()
    known.set(source, selector)
  }
  return selector
}
