import { errors, groupVersion, type KubernetesObject } from '@treeline/machinery'
import type { Exchange } from '../http/exchange.js'
import type { AnswerForm } from '../http/negotiation.js'
import { readIncludeObject, tableOf } from '../table/table.js'
import type { Resource } from './resource.js'

/** One object in the form that `as=` asks for: a Table of one row, or its metadata alone. Throws StatusError 406. */
export function answerAs<T extends KubernetesObject>(exchange: Exchange, resource: Resource<T>, form: AnswerForm, object: T): object {
  switch (form.as) {
    case 'Table':
      return tableOf(resource.kind, [object], {
        version: form.asVersion ?? 'v1',
        include: readIncludeObject(exchange),
        now: exchange.received,
        metadata: { resourceVersion: object.metadata.resourceVersion },
      })
    case 'PartialObjectMetadata':
      return partialMetadata(object, form.asVersion ?? 'v1')
    default:
      throw notAcceptableAs(form)
  }
}

/** meta.k8s.io PartialObjectMetadata of an object. */
export function partialMetadata(object: KubernetesObject, version: string): object {
  return { kind: 'PartialObjectMetadata', apiVersion: groupVersion('meta.k8s.io', version), metadata: object.metadata }
}

/** The list form was asked for one object, or the object form for a list. */
export function notAcceptableAs(form: AnswerForm): Error {
  const accepted = ['application/json', 'application/yaml', 'application/vnd.kubernetes.protobuf']
  return errors.notAcceptableConversion(`meta.k8s.io/${form.asVersion ?? 'v1'}, Kind=${form.as ?? ''}`, accepted)
}
