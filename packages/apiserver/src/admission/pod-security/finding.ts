import type { Container, EphemeralContainer, PodSpec } from '@treeline/api'

/** The pod a policy is held against, or the template of one. */
export interface PodSubject {
  readonly annotations: Readonly<Record<string, string>>
  readonly spec: PodSpec
}

/** What a pod does against a policy: the kind of thing in few words, and where. */
export interface Finding {
  readonly reason: string
  readonly detail: string
}

export type Check = (pod: PodSubject) => Finding | undefined

type AnyContainer = Container | EphemeralContainer

/** All containers, in the order upstream tells of them. */
export const containersOf = ({ initContainers = [], containers, ephemeralContainers = [] }: PodSpec): readonly AnyContainer[] => [
  ...initContainers,
  ...containers,
  ...ephemeralContainers,
]

/** The names of the containers of which `is` holds. */
export const namesWhere = (spec: PodSpec, is: (container: AnyContainer) => boolean): readonly string[] =>
  containersOf(spec)
    .filter(is)
    .map(({ name }) => name)

export const quoted = (items: readonly string[]): string => items.map((item) => `"${item}"`).join(', ')

/** Each value once, in order. */
export const sorted = (items: Iterable<string>): readonly string[] => [...new Set(items)].sort()

export const plural = (word: string, count: number): string => (count === 1 ? word : `${word}s`)

/** `container "a"`, `containers "a", "b"`. */
export const named = (word: string, names: readonly string[]): string => `${plural(word, names.length)} ${quoted(names)}`

/** Who sets something: the pod, some of its containers or both; empty when nobody does. */
export const setters = (pod: boolean, containers: readonly string[]): string =>
  [...(pod ? ['pod'] : []), ...(containers.length > 0 ? [named('container', containers)] : [])].join(' and ')
