import { type FieldPath, validateLabelValue } from '@treeline/machinery'
import type { TypeOf } from '../../../declaration/type-of.js'

/** Labels of nodes that have other names by now: what to say of them. */
export const deprecatedNodeLabels: Readonly<Record<string, string>> = {
  'beta.kubernetes.io/arch': 'deprecated since v1.14; use "kubernetes.io/arch" instead',
  'beta.kubernetes.io/os': 'deprecated since v1.14; use "kubernetes.io/os" instead',
  'failure-domain.beta.kubernetes.io/region': 'deprecated since v1.17; use "topology.kubernetes.io/region" instead',
  'failure-domain.beta.kubernetes.io/zone': 'deprecated since v1.17; use "topology.kubernetes.io/zone" instead',
  'beta.kubernetes.io/instance-type': 'deprecated since v1.17; use "node.kubernetes.io/instance-type" instead',
  'app.kubernetes.io/created-by': 'deprecated since v1.9',
  'scheduler.alpha.kubernetes.io/preferAvoidPods': 'deprecated since v1.22; use Taints and Tolerations instead',
  'node-role.kubernetes.io/master': 'use "node-role.kubernetes.io/control-plane" instead',
}

/** Texts for one term of a node selector. */
export function nodeSelectorTermWarnings(
  term: TypeOf<'core.v1.NodeSelectorTerm'> | undefined,
  path: FieldPath,
  checkValues: boolean,
): string[] {
  return (term?.matchExpressions ?? []).flatMap(({ key, values }, index) => {
    const expression = path.child('matchExpressions').index(index)
    const text = deprecatedNodeLabels[key]
    const warnings = text ? [`${expression.child('key')}: ${key} is ${text}`] : []
    if (!checkValues) return warnings
    const invalid = (values ?? []).flatMap((value, at) =>
      validateLabelValue(value).map((problem) => `${expression.child('values').index(at)}: ${value} is invalid, ${problem}`),
    )
    return [...warnings, ...invalid]
  })
}
