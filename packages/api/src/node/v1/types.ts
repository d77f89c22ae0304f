import type { TypeOf } from '../../declaration/type-of.js'

export type Overhead = TypeOf<'node.v1.Overhead'>
export type Scheduling = TypeOf<'node.v1.Scheduling'>
