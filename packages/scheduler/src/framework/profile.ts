import type { SchedulerPlugin } from './plugin.js'

type Having<Point extends keyof SchedulerPlugin> = SchedulerPlugin & { readonly [P in Point]-?: NonNullable<SchedulerPlugin[P]> }

/** The plug-ins of one scheduler name, in order, sorted once by extension point. */
export interface Profile {
  readonly schedulerName: string
  readonly preEnqueue: readonly Having<'preEnqueue'>[]
  readonly preFilter: readonly Having<'preFilter'>[]
  readonly filter: readonly Having<'filter'>[]
  readonly preScore: readonly Having<'preScore'>[]
  readonly score: readonly { readonly plugin: Having<'score'>; readonly weight: number }[]
  readonly reserve: readonly Having<'reserve'>[]
  readonly permit: readonly Having<'permit'>[]
  readonly preBind: readonly Having<'preBind'>[]
  readonly bind: readonly Having<'bind'>[]
  readonly postBind: readonly Having<'postBind'>[]
  readonly byName: ReadonlyMap<string, SchedulerPlugin>
}

/** Throws when a name is given twice or nothing binds. */
export function profile(
  schedulerName: string,
  plugins: readonly { readonly plugin: SchedulerPlugin; readonly weight?: number }[],
): Profile {
  const byName = new Map<string, SchedulerPlugin>()
  for (const { plugin } of plugins) {
    if (byName.has(plugin.name)) throw new Error(`plugin "${plugin.name}" is given twice`)
    byName.set(plugin.name, plugin)
  }
  const having = <Point extends keyof SchedulerPlugin>(point: Point): Having<Point>[] =>
    plugins.map(({ plugin }) => plugin).filter((plugin): plugin is Having<Point> => plugin[point] !== undefined)
  if (having('bind').length === 0) throw new Error(`at least one bind plugin is needed for profile with scheduler name "${schedulerName}"`)
  return {
    schedulerName,
    preEnqueue: having('preEnqueue'),
    preFilter: having('preFilter'),
    filter: having('filter'),
    preScore: having('preScore'),
    score: plugins.flatMap(({ plugin, weight }) => (plugin.score ? [{ plugin: plugin as Having<'score'>, weight: weight || 1 }] : [])),
    reserve: having('reserve'),
    permit: having('permit'),
    preBind: having('preBind'),
    bind: having('bind'),
    postBind: having('postBind'),
    byName,
  }
}
