import { type FieldPath, validateDnsSubdomain, validateLabelName, validateLabelValue } from '@treeline/machinery'
import type { TypeOf } from '../../declaration/type-of.js'
import { type Findings, forEachItem } from '../findings.js'

type Requirement = TypeOf<'core.v1.NodeSelectorRequirement'>
type Term = TypeOf<'core.v1.NodeSelectorTerm'>

/** Terms of which a node must meet one. */
export function checkNodeSelector(found: Findings, selector: TypeOf<'core.v1.NodeSelector'>, path: FieldPath, allowAnyValue = false): void {
  const at = path.child('nodeSelectorTerms')
  if (!selector.nodeSelectorTerms?.length) found.required(at, 'must have at least one node selector term')
  forEachItem(selector.nodeSelectorTerms, at, (term, here) => checkNodeSelectorTerm(found, term, here, allowAnyValue))
}

export function checkNodeSelectorTerm(found: Findings, term: Term, path: FieldPath, allowAnyValue: boolean): void {
  forEachItem(term.matchExpressions, path.child('matchExpressions'), (requirement, at) => {
    checkExpression(found, requirement, at)
    if (allowAnyValue) return
    forEachItem(requirement.values, at.child('values'), (value, here) => found.each(here, value, validateLabelValue(value)))
  })
  forEachItem(term.matchFields, path.child('matchFields'), (requirement, at) => checkField(found, requirement, at))
}

/** Whether a selector holds values that are no label values, as old objects may. */
export function hasInvalidValues(selector: TypeOf<'core.v1.NodeSelector'> | undefined): boolean {
  return (selector?.nodeSelectorTerms ?? []).some((term) =>
    (term.matchExpressions ?? []).some(({ values }) => (values ?? []).some((value) => validateLabelValue(value).length > 0)),
  )
}

function checkExpression(found: Findings, { key, operator, values = [] }: Requirement, path: FieldPath): void {
  const at = path.child('values')
  switch (operator) {
    case 'In':
    case 'NotIn':
      if (values.length === 0) found.required(at, "must be specified when `operator` is 'In' or 'NotIn'")
      break
    case 'Exists':
    case 'DoesNotExist':
      if (values.length > 0) found.forbidden(at, "may not be specified when `operator` is 'Exists' or 'DoesNotExist'")
      break
    case 'Gt':
    case 'Lt':
      if (values.length !== 1) found.required(at, "must be specified single value when `operator` is 'Lt' or 'Gt'")
      break
    default:
      found.invalid(path.child('operator'), operator ?? '', 'not a valid selector operator')
  }
  found.add(...validateLabelName(key ?? '', path.child('key')))
}

function checkField(found: Findings, { key, operator, values = [] }: Requirement, path: FieldPath): void {
  if (operator !== 'In' && operator !== 'NotIn') found.invalid(path.child('operator'), operator ?? '', 'not a valid selector operator')
  else if (values.length !== 1) {
    found.required(path.child('values'), "must be only one value when `operator` is 'In' or 'NotIn' for node field selector")
  }
  if (key !== 'metadata.name') found.invalid(path.child('key'), key ?? '', 'not a valid field selector key')
  else forEachItem(values, path.child('values'), (value, at) => found.each(at, value, validateDnsSubdomain(value)))
}
