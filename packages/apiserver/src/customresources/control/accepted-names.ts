import type { CustomResourceDefinition, CustomResourceDefinitionCondition, CustomResourceDefinitionNames } from '@treeline/api'
import { aggregateMessages, deepEqual, quote } from '@treeline/machinery'
import { conditionOf } from './conditions.js'

type Definition = CustomResourceDefinition
type Names = CustomResourceDefinitionNames
type Condition = Omit<CustomResourceDefinitionCondition, 'lastTransitionTime'>

/** Which of the names asked for a definition gets, and what its conditions say of it. */
export interface NamingOutcome {
  readonly acceptedNames: Names
  readonly namesAccepted: Condition
  readonly established: Condition
}

/** Decides about the names of a definition among those that others of the group, and it itself, have been given. */
export function decideNames(definition: Definition, inGroup: readonly Definition[]): NamingOutcome {
  const used = usedNames(inGroup)
  const asked = definition.spec.names
  const had = definition.status?.acceptedNames
  const accepted: Record<string, unknown> = { ...(had ?? {}) }
  let conflict: Condition | undefined
  const decide = (name: 'plural' | 'singular' | 'kind' | 'listKind', taken: ReadonlySet<string>, reason: string): void => {
    const wanted = asked[name] ?? ''
    if (wanted !== (had?.[name] ?? '') && taken.has(wanted)) conflict = conflictOf(reason, `${quote(wanted)} is already in use`)
    else if (wanted !== '') accepted[name] = wanted
    else delete accepted[name]
  }
  decide('plural', used.resources, 'PluralConflict')
  decide('singular', used.resources, 'SingularConflict')
  const taken = (asked.shortNames ?? []).filter((name) => !had?.shortNames?.includes(name) && used.resources.has(name))
  if (taken.length > 0)
    conflict = conflictOf('ShortNamesConflict', aggregateMessages(taken.map((name) => `${quote(name)} is already in use`)))
  else setOrDelete(accepted, 'shortNames', asked.shortNames)
  decide('kind', used.kinds, 'KindConflict')
  decide('listKind', used.kinds, 'ListKindConflict')
  setOrDelete(accepted, 'categories', asked.categories)
  const namesAccepted = conflict ?? { type: 'NamesAccepted', status: 'True', reason: 'NoConflicts', message: 'no conflicts found' }
  return { acceptedNames: accepted as unknown as Names, namesAccepted, established: establishedAfter(definition, conflict === undefined) }
}

/** Whether the names accepted are the names asked for. */
export function hasItsNames(definition: Definition): boolean {
  return deepEqual(definition.spec.names, definition.status?.acceptedNames)
}

function establishedAfter(definition: Definition, accepted: boolean): Condition {
  const present = conditionOf(definition, 'Established')
  if (present?.status === 'True') return present
  if (accepted) return { type: 'Established', status: 'False', reason: 'Installing', message: 'the initial names have been accepted' }
  return present ?? { type: 'Established', status: 'False', reason: 'NotAccepted', message: 'not all names are accepted' }
}

function conflictOf(reason: string, message: string): Condition {
  return { type: 'NamesAccepted', status: 'False', reason, message }
}

function setOrDelete(names: Record<string, unknown>, key: string, value: readonly string[] | undefined): void {
  if (value?.length) names[key] = value
  else delete names[key]
}

function usedNames(definitions: readonly Definition[]): { resources: ReadonlySet<string>; kinds: ReadonlySet<string> } {
  const resources = new Set<string>()
  const kinds = new Set<string>()
  for (const { status } of definitions) {
    const names = status?.acceptedNames
    for (const name of [names?.plural, names?.singular, ...(names?.shortNames ?? [])]) if (name) resources.add(name)
    for (const name of [names?.kind, names?.listKind]) if (name) kinds.add(name)
  }
  return { resources, kinds }
}
