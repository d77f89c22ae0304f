import { builtinKinds } from '@treeline/api'

/** `group/plural` of every built-in resource: a definition of that name must not touch its objects. */
export const builtinResources: ReadonlySet<string> = new Set(builtinKinds.map(({ group, plural }) => `${group}/${plural}`))
