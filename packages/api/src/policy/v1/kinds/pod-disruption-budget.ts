import { defineKind, statusSubresource } from '../../../declaration/define-kind.js'
import type { ListOf, TypeOf } from '../../../declaration/type-of.js'
import type { Kind } from '../../../kind.js'

export type PodDisruptionBudget = TypeOf<'policy.v1.PodDisruptionBudget'>
export type PodDisruptionBudgetList = ListOf<PodDisruptionBudget>

export const PodDisruptionBudget: Kind<PodDisruptionBudget> = defineKind('policy.v1.PodDisruptionBudget', {
  plural: 'poddisruptionbudgets',
  shortNames: ['pdb'],
  subresources: [statusSubresource],
})
