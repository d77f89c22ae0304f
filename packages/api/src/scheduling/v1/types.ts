import type { ListOf, TypeOf } from '../../declaration/type-of.js'

export type PriorityClass = TypeOf<'scheduling.v1.PriorityClass'>
export type PriorityClassList = ListOf<PriorityClass>
