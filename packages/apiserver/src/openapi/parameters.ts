/** A parameter of an operation, described alike for both versions of OpenAPI. */
export interface Parameter {
  readonly name: string
  readonly in: 'query' | 'path'
  readonly type: 'string' | 'integer' | 'boolean'
  readonly description: string
  readonly required?: true
}

function query(name: string, type: Parameter['type'], description: string): Parameter {
  return { name, in: 'query', type, description }
}

export const namespaceParameter: Parameter = {
  name: 'namespace',
  in: 'path',
  type: 'string',
  description: 'namespace of the object',
  required: true,
}

export function nameParameter(kind: string): Parameter {
  return { name: 'name', in: 'path', type: 'string', description: `name of the ${kind}`, required: true }
}

export const pretty = query('pretty', 'string', "'true' asks for output with indentation")
const dryRun = query('dryRun', 'string', "'All' runs every stage of the request but stores nothing")
const fieldManager = query(
  'fieldManager',
  'string',
  'name under which the changes are recorded in metadata.managedFields; at most 128 printable characters',
)
const fieldValidation = query(
  'fieldValidation',
  'string',
  'what to do about unknown and duplicate fields: Ignore drops them, Warn (the default) drops them with a warning, Strict refuses the request',
)
const force = query('force', 'boolean', 'an apply takes over fields that other managers own')

export const createParameters = [dryRun, fieldManager, fieldValidation]
export const updateParameters = createParameters
export const patchParameters = [dryRun, fieldManager, fieldValidation, force]

const gracePeriodSeconds = query('gracePeriodSeconds', 'integer', 'seconds before the object is deleted; zero deletes at once')
const ignoreReadErrors = query(
  'ignoreStoreReadErrorWithClusterBreakingPotential',
  'boolean',
  'deletes an object that cannot be read from the store; not served',
)
const orphanDependents = query('orphanDependents', 'boolean', 'deprecated: use propagationPolicy')
const propagationPolicy = query('propagationPolicy', 'string', 'what happens to dependents: Orphan, Background or Foreground')

export const deleteParameters = [dryRun, gracePeriodSeconds, ignoreReadErrors, orphanDependents, propagationPolicy]

const allowWatchBookmarks = query('allowWatchBookmarks', 'boolean', 'the watcher understands events of type BOOKMARK')
const continueToken = query('continue', 'string', 'token of the page before, to go on from')
const fieldSelector = query('fieldSelector', 'string', 'restricts the objects by their fields')
const labelSelector = query('labelSelector', 'string', 'restricts the objects by their labels')
const limit = query('limit', 'integer', 'most objects of one page')
const resourceVersion = query('resourceVersion', 'string', 'how fresh the answer must be, or where a watch begins')
const resourceVersionMatch = query('resourceVersionMatch', 'string', 'how resourceVersion is meant: Exact or NotOlderThan')
const sendInitialEvents = query('sendInitialEvents', 'boolean', 'a watch begins with the state, and a bookmark behind it')
const timeoutSeconds = query('timeoutSeconds', 'integer', 'how long the call may take')
const watch = query('watch', 'boolean', 'answers with changes as they come instead of a list')

export const listParameters = [
  allowWatchBookmarks,
  continueToken,
  fieldSelector,
  labelSelector,
  limit,
  resourceVersion,
  resourceVersionMatch,
  sendInitialEvents,
  timeoutSeconds,
  watch,
]

export const deleteCollectionParameters = [
  continueToken,
  dryRun,
  fieldSelector,
  gracePeriodSeconds,
  ignoreReadErrors,
  labelSelector,
  limit,
  orphanDependents,
  propagationPolicy,
  resourceVersion,
  resourceVersionMatch,
  sendInitialEvents,
  timeoutSeconds,
]
