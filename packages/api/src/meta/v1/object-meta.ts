import type { TypeTable } from '../../declaration/type-table.js'

export const objectMetaTypes = {
  ObjectMeta: {
    name: [
      'string',
      1,
      {
        about: 'Unique among objects of the kind, within the namespace; cannot be changed.',
      },
    ],
    generateName: ['string', 2, { about: 'The server adds five characters to it to make a name.' }],
    namespace: ['string', 3, { about: 'The room the name lives in.' }],
    selfLink: ['string', 4, { about: 'No longer set.' }],
    uid: ['string', 5, { about: 'Unique over all times; given by the server.' }],
    resourceVersion: [
      'string',
      6,
      {
        about: 'Changes with every write; to find out whether somebody else wrote.',
      },
    ],
    generation: ['int64', 7, { about: 'Counts changes of what is wanted.' }],
    creationTimestamp: ['Time?', 8, { about: 'When the object was created.' }],
    deletionTimestamp: ['Time?', 9, { about: 'When the object was asked to go; set by the server.' }],
    deletionGracePeriodSeconds: ['int64?', 10, { about: 'Time it has to go.' }],
    labels: ['string{}', 11, { about: 'To find and group objects by.' }],
    annotations: [
      'string{}',
      12,
      {
        about: 'Notes of programs and people; nothing is selected by them.',
      },
    ],
    ownerReferences: ['OwnerReference[]', 13, { keys: ['uid'], merge: 'uid', about: 'Objects it goes with.' }],
    finalizers: ['string[]', 14, { set: true, merge: true, about: 'Who has to be done before it goes.' }],
    managedFields: ['ManagedFieldsEntry[]', 17, { about: 'Who set which fields.' }],
  },
  OwnerReference: {
    $: { atomic: true },
    apiVersion: ['string!', 5],
    kind: ['string!', 1],
    name: ['string!', 3],
    uid: ['string!', 4],
    controller: ['boolean?', 6],
    blockOwnerDeletion: ['boolean?', 7],
  },
  ManagedFieldsEntry: {
    manager: ['string', 1],
    operation: ['ManagedFieldsOperationType', 2],
    apiVersion: ['string', 3],
    time: ['Time?', 4],
    fieldsType: ['string', 6],
    fieldsV1: ['FieldsV1?', 7],
    subresource: ['string', 8],
  },
  TypeMeta: {
    kind: ['string', 1],
    apiVersion: ['string', 2],
  },
  ListMeta: {
    selfLink: ['string', 1],
    resourceVersion: ['string', 2],
    continue: ['string', 3],
    remainingItemCount: ['int64?', 4],
  },
  List: {
    $: { object: true },
    metadata: ['ListMeta', 1],
    items: ['any[]!', 2],
  },
  LabelSelector: {
    $: { atomic: true },
    matchLabels: ['string{}', 1, { about: 'Labels with their values, all of which must be there.' }],
    matchExpressions: ['LabelSelectorRequirement[]', 2, { about: 'Further conditions, all of which must hold.' }],
  },
  LabelSelectorRequirement: {
    key: ['string!', 1],
    operator: ['LabelSelectorOperator!', 2],
    values: ['string[]', 3],
  },
  FieldSelectorRequirement: {
    key: ['string!', 1],
    operator: ['FieldSelectorOperator!', 2],
    values: ['string[]', 3],
  },
  Condition: {
    type: ['string!', 1],
    status: ['ConditionStatus!', 2],
    observedGeneration: ['int64', 3],
    lastTransitionTime: ['Time!', 4],
    reason: ['string!', 5],
    message: ['string!', 6],
  },
  PartialObjectMetadata: {
    $: { object: true },
    metadata: ['ObjectMeta', 1],
  },
  ConditionStatus: ['True', 'False', 'Unknown', '*'],
  FieldSelectorOperator: ['In', 'NotIn', 'Exists', 'DoesNotExist', '*'],
  LabelSelectorOperator: ['In', 'NotIn', 'Exists', 'DoesNotExist', '*'],
  ManagedFieldsOperationType: ['Apply', 'Update', '*'],
  // A set of field paths, as a JSON trie.
  FieldsV1: 'any',
  WatchEvent: { type: ['string!', 1], object: ['any!', 2] },
} as const satisfies TypeTable
