import type { TypeTable } from '../../declaration/type-table.js'

export const optionsTypes = {
  CreateOptions: {
    $: { object: true },
    dryRun: ['string[]', 1],
    fieldManager: ['string', 3],
    fieldValidation: ['string', 4],
  },
  UpdateOptions: {
    $: { object: true },
    dryRun: ['string[]', 1],
    fieldManager: ['string', 2],
    fieldValidation: ['string', 3],
  },
  PatchOptions: {
    $: { object: true },
    dryRun: ['string[]', 1],
    force: ['boolean?', 2],
    fieldManager: ['string', 3],
    fieldValidation: ['string', 4],
  },
  ApplyOptions: {
    $: { object: true },
    dryRun: ['string[]', 1],
    force: ['boolean!', 2],
    fieldManager: ['string!', 3],
  },
  DeleteOptions: {
    $: { object: true },
    gracePeriodSeconds: ['int64?', 1],
    preconditions: ['Preconditions?', 2],
    orphanDependents: ['boolean?', 3],
    propagationPolicy: ['DeletionPropagation?', 4],
    dryRun: ['string[]', 5],
    ignoreStoreReadErrorWithClusterBreakingPotential: ['boolean?', 6],
  },
  GetOptions: {
    $: { object: true },
    resourceVersion: ['string', 1],
  },
  ListOptions: {
    $: { object: true },
    labelSelector: ['string', 1],
    fieldSelector: ['string', 2],
    watch: ['boolean', 3],
    allowWatchBookmarks: ['boolean', 9],
    resourceVersion: ['string', 4],
    resourceVersionMatch: ['ResourceVersionMatch', 10],
    timeoutSeconds: ['int64?', 5],
    limit: ['int64', 7],
    continue: ['string', 8],
    sendInitialEvents: ['boolean?', 11],
  },
  TableOptions: {
    $: { object: true },
    includeObject: ['IncludeObjectPolicy', 1],
  },
  Preconditions: {
    uid: ['string?', 1],
    resourceVersion: ['string?', 2],
  },
  DeletionPropagation: ['Orphan', 'Background', 'Foreground', '*'],
  IncludeObjectPolicy: ['None', 'Metadata', 'Object', '*'],
  ResourceVersionMatch: ['NotOlderThan', 'Exact', '*'],
} as const satisfies TypeTable
