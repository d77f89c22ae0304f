import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { type KubernetesObject, normalise, type Schema } from '@treeline/machinery'
import { builtinKinds } from '../builtin-kinds.js'
import type { Kind } from '../kind.js'

/** What clients send is an object of the schema, but with fields left out, and with any text in any string. */
const objectsPerKind = 150

const texts = [
  '',
  'a',
  'A_',
  'a/b',
  '*',
  '-',
  '10.0.0.1',
  '::1',
  '1',
  'None',
  'Always',
  'ClusterIP',
  'x'.repeat(300),
  'ü',
  'a.b/c',
  '50%',
  '../x',
]
const numbers = [0, -1, 1, 80, 70_000, 2 ** 31 - 1]
const quantities = ['0', '1', '-1', '100m', '1Gi', '0.5']
const known: Readonly<Record<string, readonly string[]>> = {
  operator: ['In', 'NotIn', 'Exists', 'DoesNotExist', 'Gt', 'Equal'],
  type: [
    'ClusterIP',
    'NodePort',
    'LoadBalancer',
    'ExternalName',
    'RollingUpdate',
    'Recreate',
    'Localhost',
    'Resource',
    'Object',
    'Limited',
    'Opaque',
  ],
  completionMode: ['Indexed', 'NonIndexed'],
  kind: ['ServiceAccount', 'User', 'Role', 'ClusterRole'],
  schedule: ['* * * * *', '@every 1h', '*/5 1-2,4 ? jan mon', 'TZ=UTC 0 0 * * *', '99 * * * *'],
}

/** A generator of numbers from 0 to 1 that always says the same (mulberry32). */
function numbersFrom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

function anyValue(schema: Schema, random: () => number, depth: number, name: string): unknown {
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T
  switch (schema.type) {
    case 'struct': {
      const share = depth < 3 ? 0.6 : depth < 10 ? 0.25 : 0
      const fields = [...schema.fields].filter(() => random() < share)
      return Object.fromEntries(fields.map(([field, { schema: inner }]) => [field, anyValue(inner, random, depth + 1, field)]))
    }
    case 'list':
      return depth > 12 ? [] : Array.from({ length: Math.floor(random() * 3) }, () => anyValue(schema.items, random, depth + 1, name))
    case 'map':
      return Object.fromEntries(
        Array.from({ length: Math.floor(random() * 3) }, () => [
          pick([...texts, 'cpu', 'storage', 'hugepages-2Mi']),
          anyValue(schema.values, random, depth + 1, name),
        ]),
      )
    case 'string':
      return pick([...texts, ...(Object.hasOwn(known, name) ? (known[name] ?? []) : [])])
    case 'int32':
    case 'int64':
      return pick(numbers)
    case 'number':
      return random()
    case 'boolean':
      return random() < 0.5
    case 'quantity':
      return pick(quantities)
    case 'int-or-string':
      return random() < 0.5 ? pick(numbers) : pick(texts)
    case 'time':
    case 'micro-time':
      return '2024-01-01T00:00:00Z'
    case 'duration':
      return '1h'
    case 'bytes':
      return Buffer.from(pick(texts)).toString('base64')
    default:
      return random() < 0.5 ? { a: [1, null] } : null
  }
}

function anyObject(kind: Kind, seed: number): KubernetesObject {
  const object = anyValue(kind.schema, numbersFrom(seed), 0, '') as KubernetesObject
  const named = { ...object, metadata: { ...object.metadata, name: 'a', namespace: 'b' } }
  kind.strategy.applyDefaults?.(named)
  return normalise(kind.schema, named) as KubernetesObject
}

describe('no object of a schema makes its validation fail', () => {
  for (const kind of builtinKinds.filter(({ stored }) => stored !== false)) {
    test(`${kind.group}/${kind.version} ${kind.kind}`, () => {
      const { strategy } = kind
      for (let seed = 0; seed < objectsPerKind; seed++) {
        const object = anyObject(kind, seed)
        const old = anyObject(kind, seed + (seed % 2) * objectsPerKind)
        const checks = [
          () => strategy.validate?.(object),
          () => strategy.validateUpdate?.(object, old),
          () => strategy.validateStatusUpdate?.(object, old),
          ...Object.values(strategy.subresources ?? {}).map(
            ({ validateUpdate }) =>
              () =>
                validateUpdate?.(object, old),
          ),
        ]
        for (const check of checks)
          assert.ok(check()?.every(({ field, detail }) => typeof field === 'string' && typeof detail === 'string') ?? true)
      }
    })
  }
})
