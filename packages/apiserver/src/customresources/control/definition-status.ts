import type { CustomResourceDefinition, CustomResourceDefinitionCondition } from '@treeline/api'
import { FieldPath, formatFieldError, formatTime } from '@treeline/machinery'
import { apiApprovalOf, isProtectedGroup } from '../definition/api-approval.js'
import { isCaBundle } from '../definition/conversion.js'
import { conversionProblem } from '../schema/check-schema.js'
import type { JsonSchema } from '../schema/json-schema.js'
import { structuralErrors } from '../schema/structural.js'
import { decideNames, hasItsNames } from './accepted-names.js'
import { conditionOf, isTrue, removeCondition, saysTheSame, setCondition } from './conditions.js'

type Definition = CustomResourceDefinition
type Condition = Omit<CustomResourceDefinitionCondition, 'lastTransitionTime'>

/**
 * One step of a definition on its way to being served: names, then being established, and what else its conditions tell.
 * Changes `definition` and says whether it did. `inGroup` are all definitions of its group, itself included.
 */
export function advanceStatus(definition: Definition, inGroup: readonly Definition[], now: Date): boolean {
  const lastTransitionTime = formatTime(now)
  let changed = false
  const put = (condition: Condition): void => {
    if (saysTheSame(condition, conditionOf(definition, condition.type))) return
    setCondition(definition, { ...condition, lastTransitionTime })
    changed = true
  }
  if (!hasItsNames(definition)) {
    const { acceptedNames, namesAccepted, established } = decideNames(definition, inGroup)
    const before = JSON.stringify(definition.status?.acceptedNames)
    if (before !== JSON.stringify(acceptedNames) || !saysTheSame(namesAccepted, conditionOf(definition, 'NamesAccepted'))) {
      definition.status = { ...(definition.status as NonNullable<Definition['status']>), acceptedNames }
      put(namesAccepted)
      put(established)
      changed = true
    }
  } else if (isTrue(definition, 'NamesAccepted') && !isTrue(definition, 'Established')) put(establish(definition))
  const nonStructural = nonStructuralCondition(definition)
  if (nonStructural) put(nonStructural)
  else if (conditionOf(definition, 'NonStructuralSchema')) {
    removeCondition(definition, 'NonStructuralSchema')
    changed = true
  }
  const approval = approvalCondition(definition)
  if (approval) put(approval)
  return changed
}

function establish({ spec }: Definition): Condition {
  const bundle = spec.conversion?.webhook?.clientConfig?.caBundle
  if (bundle && !isCaBundle(bundle)) {
    return { type: 'Established', status: 'False', reason: 'InvalidCABundle', message: 'The conversion webhook CABundle is invalid' }
  }
  return { type: 'Established', status: 'True', reason: 'InitialNamesAccepted', message: 'the initial names have been accepted' }
}

// Only definitions from before schemas had to be structural can come here with one that is not.
function nonStructuralCondition({ spec }: Definition): Condition | undefined {
  const violations: string[] = []
  if (spec.preserveUnknownFields) violations.push('spec.preserveUnknownFields: Invalid value: true: must be false')
  for (const [i, version] of (spec.versions ?? []).entries()) {
    const schema = version.schema?.openAPIV3Schema as JsonSchema | undefined
    if (!schema) continue
    const path = FieldPath.root('spec', 'versions').index(i).child('schema', 'openAPIV3Schema')
    const problem = conversionProblem(schema)
    if (problem !== undefined) violations.push(`${path}: ${problem}`)
    else violations.push(...structuralErrors(schema, path).map(formatFieldError))
  }
  if (violations.length === 0) return undefined
  return { type: 'NonStructuralSchema', status: 'True', reason: 'Violations', message: violations.join(', ') }
}

const approvalReasons = {
  approved: ['True', 'ApprovedAnnotation'],
  bypassed: ['False', 'UnapprovedAnnotation'],
  missing: ['False', 'MissingAnnotation'],
  invalid: ['False', 'InvalidAnnotation'],
} as const

function approvalCondition({ spec, metadata }: Definition): Condition | undefined {
  if (!isProtectedGroup(spec.group ?? '')) return undefined
  const { state, reason: message } = apiApprovalOf(metadata.annotations)
  const [status, reason] = approvalReasons[state]
  return { type: 'KubernetesAPIApprovalPolicyConformant', status, reason, message }
}
