import { canonicalElement, compareElements, type PathElement } from './path-element.js'

/**
 * A set of field paths, in the very form fieldsV1 has on the wire: a trie of path elements. A node belongs to the set
 * when it holds nothing or holds `.`; the root never does. A node that belongs to no path is left out. Values are
 * never changed once they are made, so subtrees are shared, and an operation that changes nothing returns its first operand.
 */
export interface FieldSet {
  readonly [element: PathElement]: FieldSet
}

export const emptyFieldSet: FieldSet = Object.freeze({})

type Node = { [element: PathElement]: Node }

const self = '.'
const leaf: Node = Object.freeze({})

/** A set that grows path by path. */
export class FieldSetBuilder {
  #root: Node | undefined

  /** Adds the path, which must not be empty; parents are not added with it. */
  add(path: readonly PathElement[]): void {
    this.addTree(path, leaf)
  }

  /** Adds the paths of a tree that hangs at `path`, of which the set knows nothing yet but possibly the path itself. */
  addTree(path: readonly PathElement[], tree: FieldSet): void {
    this.#root ??= {}
    let node = this.#root
    const end = path.length - 1
    for (let i = 0; i < end; i++) node = descend(node, path[i] as PathElement)
    const last = path[end] as PathElement
    const present = node[last]
    // A leaf may get children later, so it must be a node of its own.
    if (present === undefined) node[last] = tree === leaf ? {} : (tree as Node)
    else node[last] = { ...(unionNodes(present, tree) as Node) }
  }

  /** The set so far; nothing may be added after. */
  build(): FieldSet {
    return this.#root ?? emptyFieldSet
  }
}

function descend(node: Node, element: PathElement): Node {
  const present = node[element]
  if (present === undefined) {
    const fresh: Node = {}
    node[element] = fresh
    return fresh
  }
  if (hasNothing(present)) present[self] = leaf
  return present
}

/** A tree of a node that belongs to the set and of the given children. Changes `children`. */
export function memberWith(children: Record<PathElement, FieldSet>): FieldSet {
  if (!hasNothing(children)) (children as Node)[self] = leaf
  return children
}

/** The set of the given paths. */
export function fieldSetOf(...paths: readonly (readonly PathElement[])[]): FieldSet {
  const builder = new FieldSetBuilder()
  for (const path of paths) builder.add(path)
  return builder.build()
}

/** The set of dotted field paths such as `metadata.name`. */
export function fieldSetOfFields(...paths: readonly string[]): FieldSet {
  return fieldSetOf(...paths.map((path) => path.split('.').map((name) => `f:${name}`)))
}

/** True when the set has no path. */
export function isEmptySet(set: FieldSet): boolean {
  return hasNothing(set)
}

function hasNothing(node: object): boolean {
  for (const _ in node) return false
  return true
}

/** Whether a node below the root belongs to the set itself. */
export function isMember(node: FieldSet): boolean {
  return self in node || hasNothing(node)
}

/** Whether the exact path belongs to the set. */
export function hasPath(set: FieldSet, path: readonly PathElement[]): boolean {
  let node: FieldSet | undefined = set
  for (const element of path) {
    node = node[element]
    if (node === undefined) return false
  }
  return path.length > 0 && isMember(node)
}

/** Paths of either set. */
export function union(a: FieldSet, b: FieldSet): FieldSet {
  if (a === b || hasNothing(b)) return a
  if (hasNothing(a)) return b
  return joinChildren(a, b, false)
}

function unionNodes(a: FieldSet, b: FieldSet): FieldSet {
  if (a === b) return a
  const member = isMember(a) || isMember(b)
  if (hasNothing(b)) return isMember(a) ? a : { [self]: leaf, ...a }
  if (hasNothing(a)) return isMember(b) ? b : { [self]: leaf, ...b }
  return joinChildren(a, b, member && !(self in a))
}

function joinChildren(a: FieldSet, b: FieldSet, addSelf: boolean): FieldSet {
  let result: Node | undefined = addSelf ? { [self]: leaf, ...(a as Node) } : undefined
  for (const element in b) {
    if (element === self) continue
    const inA = a[element]
    const inB = b[element] as FieldSet
    const joined = inA === undefined ? inB : unionNodes(inA, inB)
    if (joined === inA) continue
    result ??= { ...(a as Node) }
    result[element] = joined as Node
  }
  return result ?? a
}

/** Paths of both sets. */
export function intersection(a: FieldSet, b: FieldSet): FieldSet {
  return intersectNodes(a, b, false) ?? emptyFieldSet
}

function intersectNodes(a: FieldSet, b: FieldSet, member: boolean): FieldSet | undefined {
  let result: Node | undefined
  for (const element in a) {
    if (element === self) continue
    const inB = b[element]
    if (inB === undefined) continue
    const inA = a[element] as FieldSet
    const both = intersectNodes(inA, inB, isMember(inA) && isMember(inB))
    if (both === undefined) continue
    result ??= {}
    result[element] = both as Node
  }
  if (!member) return result
  return result === undefined ? {} : { [self]: leaf, ...result }
}

/** Paths of `a` that are not in `b`; children of a path of `b` stay. */
export function difference(a: FieldSet, b: FieldSet): FieldSet {
  if (a === b) return emptyFieldSet
  return subtract(a, b, false, false, false) ?? emptyFieldSet
}

/** Paths of `a` that are neither in `b` nor below a path of `b`. */
export function recursiveDifference(a: FieldSet, b: FieldSet): FieldSet {
  if (a === b) return emptyFieldSet
  return subtract(a, b, false, false, true) ?? emptyFieldSet
}

function subtract(a: FieldSet, b: FieldSet, memberOfA: boolean, memberOfB: boolean, recursive: boolean): FieldSet | undefined {
  const member = memberOfA && !memberOfB
  let result: Node | undefined = memberOfA === member ? undefined : copyChildren(a)
  for (const element in b) {
    if (element === self) continue
    const inA = a[element]
    if (inA === undefined) continue
    const inB = b[element] as FieldSet
    const left = recursive && isMember(inB) ? undefined : subtract(inA, inB, isMember(inA), isMember(inB), recursive)
    if (left === inA) continue
    result ??= { ...(a as Node) }
    if (left === undefined) delete result[element]
    else result[element] = left as Node
  }
  if (result === undefined) return a
  if (!member) return hasNothing(result) ? undefined : result
  return onlySelf(result) ? {} : result
}

function copyChildren(node: FieldSet): Node {
  const copy: Node = { ...(node as Node) }
  delete copy[self]
  return copy
}

function onlySelf(node: Node): boolean {
  for (const element in node) if (element !== self) return false
  return true
}

/** Whether both hold the same paths. */
export function equalSets(a: FieldSet, b: FieldSet): boolean {
  if (a === b) return true
  let count = 0
  for (const element in a) {
    if (element === self) continue
    count++
    const inB = b[element]
    if (inB === undefined) return false
    const inA = a[element] as FieldSet
    if (isMember(inA) !== isMember(inB) || !equalSets(inA, inB)) return false
  }
  for (const element in b) if (element !== self) count--
  return count === 0
}

/** All paths: those of a level in order, then those below each of its nodes. */
export function* pathsOf(set: FieldSet, prefix: readonly PathElement[] = []): Generator<PathElement[]> {
  const elements = Object.keys(set)
    .filter((element) => element !== self)
    .sort(compareElements)
  for (const element of elements) if (isMember(set[element] as FieldSet)) yield [...prefix, element]
  for (const element of elements) yield* pathsOf(set[element] as FieldSet, [...prefix, element])
}

/** The same set with its elements in the order of the wire. */
export function inWireOrder(set: FieldSet): FieldSet {
  const elements = Object.keys(set)
  let changed = false
  for (let i = 1; i < elements.length && !changed; i++) changed = compareElements(elements[i - 1] as string, elements[i] as string) > 0
  if (changed) elements.sort(compareElements)
  const result: Node = {}
  for (const element of elements) {
    const child = set[element] as FieldSet
    const ordered = inWireOrder(child)
    if (ordered !== child) changed = true
    result[element] = ordered as Node
  }
  return changed ? result : set
}

/** Reads fieldsV1 that a client sent. Throws an Error when it is no field set or deeper than `maxDepth`. */
export function parseFieldsV1(value: unknown, maxDepth = 200): FieldSet {
  return parseNode(value, maxDepth, false) ?? emptyFieldSet
}

function parseNode(value: unknown, depthLeft: number, member: boolean): FieldSet | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Error('fieldsV1 must be nested objects')
  if (depthLeft === 0) throw new Error('fieldsV1 is nested too deeply')
  const result: Node = {}
  let ownsItself = member
  for (const [key, child] of Object.entries(value as object)) {
    if (key === self) {
      ownsItself = true
      continue
    }
    const node = parseNode(child, depthLeft - 1, isLeaf(child))
    if (node === undefined) continue
    const element = canonicalElement(key)
    result[element] = result[element] === undefined ? (node as Node) : (unionNodes(result[element], node) as Node)
  }
  if (hasNothing(result)) return ownsItself ? {} : undefined
  return ownsItself ? { [self]: leaf, ...result } : result
}

function isLeaf(value: unknown): boolean {
  return typeof value === 'object' && value !== null && hasNothing(value)
}
