import { test } from 'node:test'
import type { ObjectMeta } from '@treeline/machinery'
import type { TypeOf } from './type-of.js'

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false
function holds<_T extends true>(): void {
  // The compiler is what checks.
}

type Pod = TypeOf<'core.v1.Pod'>
type Container = TypeOf<'core.v1.Container'>

test('the types of fields follow from the tables', () => {
  holds<Equal<Pod['metadata'], ObjectMeta>>()
  holds<Equal<Pod['apiVersion'], string | undefined>>()
  holds<Equal<Container['name'], string>>()
  holds<Equal<Container['command'], string[] | undefined>>()
  holds<Equal<Container['imagePullPolicy'], 'Always' | 'IfNotPresent' | 'Never' | undefined>>()
  holds<Equal<NonNullable<Pod['spec']>['containers'], Container[]>>()
  holds<Equal<TypeOf<'core.v1.ResourceRequirements'>['limits'], { [key: string]: string } | undefined>>()
  holds<Equal<TypeOf<'core.v1.ServicePort'>['targetPort'], number | string | undefined>>()
  holds<Equal<TypeOf<'core.v1.PodCondition'>['lastTransitionTime'], string | null | undefined>>()
  holds<Equal<TypeOf<'core.v1.ContainerStateTerminated'>['finishedAt'], string | null | undefined>>()
  holds<Equal<TypeOf<'apps.v1.DeploymentSpec'>['selector'], TypeOf<'meta.v1.LabelSelector'>>>()
})

test('inlined structs appear flat', () => {
  holds<Equal<TypeOf<'core.v1.Volume'>['configMap'], TypeOf<'core.v1.ConfigMapVolumeSource'> | undefined>>()
  holds<Equal<TypeOf<'core.v1.ConfigMapVolumeSource'>['name'], string | undefined>>()
  holds<Equal<TypeOf<'admissionregistration.v1.NamedRuleWithOperations'>['apiGroups'], string[] | undefined>>()
})

test('types may refer to themselves', () => {
  type Props = TypeOf<'apiextensions.v1.JSONSchemaProps'>
  holds<Equal<Props['not'], Props | undefined>>()
  holds<Equal<Props['items'], Props | Props[] | undefined>>()
})

test('metadata is optional where the struct is not an object of its own', () => {
  holds<Equal<TypeOf<'core.v1.PodTemplateSpec'>['metadata'], ObjectMeta | undefined>>()
  holds<{ spec: object } extends Pod ? false : true>()
})

test('an open enumeration takes any string, a closed one does not', () => {
  holds<'example.com/anything' extends TypeOf<'core.v1.PodConditionType'> ? true : false>()
  holds<'HTTP' extends TypeOf<'core.v1.Protocol'> ? false : true>()
})

test('unknown names have no type', () => {
  holds<Equal<TypeOf<'core.v1.Nonsense'>, never>>()
})
