import { type Alias, type Document, isAlias, isMap, isScalar, isSeq, type LineCounter, type Node, type Pair, visit } from 'yaml'
import { setKey } from '../objects/deep-copy.js'
import { quote } from '../text/quote.js'
import { DecodeError } from './decode-json.js'
import type { YamlScalar } from './yaml-scalars.js'
import { plainScalar, taggedScalar } from './yaml-tags.js'

/** The node each alias stands for: the last one before it that carries the anchor. */
export function bindAliases(document: Document.Parsed): Map<Alias, Node> {
  const anchors = new Map<string, Node>()
  const targets = new Map<Alias, Node>()
  visit(document, {
    Node(_key, node) {
      if (isAlias(node)) {
        const target = anchors.get(node.source)
        if (!target) throw new DecodeError(`yaml: unknown anchor '${node.source}' referenced`)
        targets.set(node, target)
      } else if (node.anchor) anchors.set(node.anchor, node)
    },
  })
  return targets
}

/** Turns nodes into values. Aliases are followed within a budget, so that a small text cannot become a huge value. */
export class DocumentReader {
  readonly duplicates: string[] = []
  private readonly open = new Set<Alias>()
  private visited = 0
  private viaAlias = 0

  constructor(
    private readonly targets: ReadonlyMap<Alias, Node>,
    private readonly lines: LineCounter,
  ) {}

  value(node: Node | null, depthLeft: number): unknown {
    this.count()
    if (node === null) return null
    if (depthLeft < 0) throw new DecodeError('yaml: exceeded max depth')
    if (isAlias(node)) return this.alias(node, depthLeft)
    if (isScalar(node)) return this.scalar(node)
    if (isSeq<Node>(node)) return node.items.map((item) => this.value(item, depthLeft - 1))
    const object: Record<string, unknown> = {}
    this.fill(object, new Set(), node, depthLeft - 1)
    return object
  }

  private count(): void {
    this.visited++
    if (this.open.size > 0) this.viaAlias++
    if (this.viaAlias > 100 && this.visited > 1000 && this.viaAlias / this.visited > allowedAliasShare(this.visited)) {
      throw new DecodeError('yaml: document contains excessive aliasing')
    }
  }

  private alias(node: Alias, depthLeft: number): unknown {
    return this.following(node, (target) => this.value(target, depthLeft))
  }

  private following<T>(node: Alias, read: (target: Node | null) => T): T {
    if (this.open.has(node)) throw new DecodeError(`yaml: anchor '${node.source}' value contains itself`)
    this.open.add(node)
    const result = read(this.targets.get(node) ?? null)
    this.open.delete(node)
    return result
  }

  private fill(object: Record<string, unknown>, seen: Set<string>, node: Node, depthLeft: number): void {
    if (!isMap<Node | null, Node | null>(node)) throw new DecodeError('yaml: map merge requires map or sequence of maps as the value')
    for (const pair of node.items) {
      if (isMergeKey(pair.key)) this.merge(object, seen, pair.value, depthLeft)
      else this.entry(object, seen, pair, depthLeft)
    }
  }

  private entry(object: Record<string, unknown>, seen: Set<string>, pair: Pair<Node | null, Node | null>, depthLeft: number): void {
    const key = this.value(pair.key, depthLeft)
    if (typeof key === 'object' && key !== null) throw new DecodeError('yaml: invalid map key')
    const value = this.value(pair.value, depthLeft)
    const identity = `${typeof key} ${String(key)}`
    if (seen.has(identity)) {
      const at = this.lines.linePos((pair.value ?? pair.key)?.range?.[0] ?? 0).line
      this.duplicates.push(`line ${at}: key ${typeof key === 'string' ? quote(key) : String(key)} already set in map`)
    }
    seen.add(identity)
    if (key === null) throw new DecodeError('unsupported map key of type: %!s(<nil>), key: <nil>')
    setKey(object, String(key), value)
  }

  /** `<<`: the entries of one map, or of several of which the first ones win. */
  private merge(object: Record<string, unknown>, seen: Set<string>, node: Node | null, depthLeft: number): void {
    this.count()
    if (isAlias(node)) this.following(node, (target) => this.fill(object, seen, target ?? node, depthLeft))
    else if (isSeq<Node>(node)) for (const item of [...node.items].reverse()) this.mergeOne(object, seen, item, depthLeft)
    else this.mergeOne(object, seen, node, depthLeft)
  }

  private mergeOne(object: Record<string, unknown>, seen: Set<string>, node: Node | null, depthLeft: number): void {
    if (!isMap(node) && !isAlias(node)) throw new DecodeError('yaml: map merge requires map or sequence of maps as the value')
    if (isAlias(node)) this.following(node, (target) => this.fill(object, seen, target ?? node, depthLeft))
    else this.fill(object, seen, node, depthLeft)
  }

  private scalar(node: Node & { value?: unknown; type?: string; tag?: string }): YamlScalar {
    const text = String(node.value ?? '')
    if (!node.tag) return node.type === 'PLAIN' || node.type === undefined ? plainScalar(text) : text
    return taggedScalar(node.tag.replace('tag:yaml.org,2002:', '!!'), text)
  }
}

function isMergeKey(key: Node | null): boolean {
  return isScalar(key) && key.value === '<<' && ((key.type === 'PLAIN' && !key.tag) || key.tag === 'tag:yaml.org,2002:merge')
}

/** Share of nodes that may come from aliases: nearly all in small documents, a tenth in huge ones. */
function allowedAliasShare(visited: number): number {
  const [low, high] = [400_000, 4_000_000]
  if (visited <= low) return 0.99
  return visited >= high ? 0.1 : 0.99 - (0.89 * (visited - low)) / (high - low)
}
