import type { ListOf, TypeOf } from '../../declaration/type-of.js'

export type Overhead = TypeOf<'node.v1.Overhead'>
export type RuntimeClass = TypeOf<'node.v1.RuntimeClass'>
export type RuntimeClassList = ListOf<RuntimeClass>
export type Scheduling = TypeOf<'node.v1.Scheduling'>
