import { defineKind, scaleSubresource, statusSubresource } from '../../../declaration/define-kind.js'
import type { ListOf, TypeOf } from '../../../declaration/type-of.js'
import type { Kind } from '../../../kind.js'

export type Deployment = TypeOf<'apps.v1.Deployment'>
export type DeploymentList = ListOf<Deployment>

export const Deployment: Kind<Deployment> = defineKind('apps.v1.Deployment', {
  plural: 'deployments',
  shortNames: ['deploy'],
  categories: ['all'],
  subresources: [scaleSubresource, statusSubresource],
})
