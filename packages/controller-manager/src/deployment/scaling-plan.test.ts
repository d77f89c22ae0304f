import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Deployment, ReplicaSet } from '@treeline/api'
import fc from 'fast-check'
import { deployment, replicaSet, template } from '../testing/objects.js'
import { fenceposts, maxSurge, maxUnavailable } from './fenceposts.js'
import { allSets, sortReplicaSets, totalWanted, wantedBy } from './replica-sets.js'
import { sizeAnnotations } from './revisions.js'
import { growNew, shrinkOld, spreadScaling } from './scaling-plan.js'

/** A ReplicaSet in the simulation: wanted pods, and how many of those it has are available. */
interface Size {
  readonly wanted: number
  readonly available: number
}

const amount = fc.oneof(
  fc.nat(12),
  fc.nat(120).map((percent) => `${percent}%`),
)
const rollout = fc.record({
  replicas: fc.nat(30),
  surge: amount,
  unavailable: amount,
  fresh: fc.nat(30).chain((wanted) => fc.nat(wanted).map((available): Size => ({ wanted, available }))),
  old: fc.array(
    fc.nat(20).chain((wanted) => fc.nat(wanted).map((available): Size => ({ wanted, available }))),
    { maxLength: 4 },
  ),
})

function build({
  replicas,
  surge,
  unavailable,
  fresh,
  old,
}: {
  replicas: number
  surge: string | number
  unavailable: string | number
  fresh: Size
  old: readonly Size[]
}) {
  const owner = deployment('web', {
    replicas,
    strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: surge, maxUnavailable: unavailable } },
  })
  const set = (name: string, image: string, { wanted, available }: Size, age: number): ReplicaSet => ({
    ...replicaSet(
      name,
      { replicas: wanted, template: template(image) },
      { creationTimestamp: `2026-01-01T00:00:0${age}Z`, annotations: sizeAnnotations(owner) },
    ),
    status: { replicas: wanted, availableReplicas: available },
  })
  const sets = [...old.map((size, index) => set(`old-${index}`, `old-${index}`, size, index)), set('new', 'one', fresh, 9)]
  return { owner, sets: sortReplicaSets(owner, sets) }
}

test('surge is rounded up, unavailability down, and both cannot be nothing', () => {
  assert.deepEqual(fenceposts('25%', '25%', 10), { surge: 3, unavailable: 2 })
  assert.deepEqual(fenceposts(0, '5%', 10), { surge: 0, unavailable: 1 })
  assert.deepEqual(fenceposts(2, 0, 10), { surge: 2, unavailable: 0 })
})

test('growing never has more pods than the surge allows, nor shrinks, nor more new ones than wanted', () => {
  fc.assert(
    fc.property(rollout, (state) => {
      const { owner, sets } = build({
        ...state,
        fresh: { ...state.fresh, wanted: Math.min(state.fresh.wanted, state.replicas), available: 0 },
      })
      const newest = sets.newest!
      const grown = growNew(owner, allSets(sets), newest)
      const total = totalWanted(allSets(sets)) - wantedBy(newest) + grown
      assert.ok(grown >= wantedBy(newest) && grown <= Math.max(wantedBy(newest), state.replicas))
      assert.ok(grown === wantedBy(newest) || total <= state.replicas + maxSurge(owner))
    }),
  )
})

test('shrinking takes only old pods, and never below what must be available', () => {
  fc.assert(
    fc.property(rollout, (state) => {
      const { owner, sets } = build(state)
      const before = allSets(sets)
      const plan = new Map(shrinkOld(owner, sets).map(({ set, replicas }) => [set, replicas]))
      assert.ok(!sets.newest || !plan.has(sets.newest))
      // A ReplicaSet deletes pods that are not available first.
      const availableAfter = before.reduce(
        (sum, set) => sum + Math.min(set.status?.availableReplicas ?? 0, plan.get(set) ?? wantedBy(set)),
        0,
      )
      const availableBefore = before.reduce((sum, set) => sum + (set.status?.availableReplicas ?? 0), 0)
      const floor = state.replicas - maxUnavailable(owner)
      assert.ok(availableAfter >= Math.min(availableBefore, floor))
      for (const [set, replicas] of plan) assert.ok(replicas >= 0 && replicas < wantedBy(set))
    }),
  )
})

test('a rollout whose pods become available ends, whatever the limits', () => {
  fc.assert(
    fc.property(rollout, (state) => {
      const sizes = new Map<string, Size>([
        ...state.old.map((size, index) => [`old-${index}`, size] as const),
        ['new', { ...state.fresh, wanted: Math.min(state.fresh.wanted, state.replicas) }],
      ])
      for (let step = 0; step < 400; step++) {
        const { owner, sets } = build({ ...state, fresh: sizes.get('new')!, old: state.old.map((_, index) => sizes.get(`old-${index}`)!) })
        const newest = sets.newest!
        const grown = growNew(owner, allSets(sets), newest)
        if (grown !== wantedBy(newest)) sizes.set('new', { wanted: grown, available: sizes.get('new')!.available })
        else {
          const plan = shrinkOld(owner, sets)
          for (const { set, replicas } of plan)
            sizes.set(set.metadata.name!, { wanted: replicas, available: Math.min(replicas, set.status?.availableReplicas ?? 0) })
          const finished = [...sizes].every(([name, { wanted }]) => wanted === (name === 'new' ? state.replicas : 0))
          if (finished) return
          if (plan.length > 0) continue
        }
        for (const [name, { wanted }] of sizes) sizes.set(name, { wanted, available: wanted })
      }
      assert.fail(`did not end: ${JSON.stringify([...sizes])}`)
    }),
  )
})

test('a new size in the middle of a rollout is shared out whole', () => {
  fc.assert(
    fc.property(rollout, fc.nat(60), (state, replicas) => {
      const built = build(state)
      const { owner } = built
      // Each ReplicaSet remembers how large the whole was when it was last scaled.
      const whole = String(totalWanted(allSets(built.sets)))
      for (const set of allSets(built.sets)) set.metadata.annotations!['deployment.kubernetes.io/max-replicas'] = whole
      const { sets } = built
      const scaled: Deployment = { ...owner, spec: { ...owner.spec!, replicas } }
      const active = allSets(sets).filter((set) => wantedBy(set) > 0)
      const saturated =
        wantedBy(sets.newest!) === replicas && replicas === state.replicas && sets.newest!.status?.availableReplicas === replicas
      const plan = spreadScaling(scaled, sets)
      if (active.length <= 1)
        assert.deepEqual(
          plan.map((entry) => entry.replicas),
          [replicas],
        )
      else if (saturated) assert.ok(plan.every(({ set, replicas: size }) => set !== sets.newest && size === 0))
      else {
        const allowed = replicas === 0 ? 0 : replicas + maxSurge(scaled)
        const growing = allowed > totalWanted(active)
        assert.equal(
          plan.reduce((sum, entry) => sum + entry.replicas, 0),
          Math.max(0, allowed),
        )
        for (const { set, replicas: size } of plan) assert.ok(size >= 0 && (growing ? size >= wantedBy(set) : true))
      }
    }),
  )
})

test('growth goes by size, its remainder to the largest and, of equals, to the newest', () => {
  const { owner, sets } = build({
    replicas: 10,
    surge: 3,
    unavailable: 2,
    fresh: { wanted: 5, available: 5 },
    old: [{ wanted: 8, available: 8 }],
  })
  const scaled: Deployment = { ...owner, spec: { ...owner.spec!, replicas: 20 } }
  assert.deepEqual(
    spreadScaling(scaled, sets).map(({ set, replicas }) => [set.metadata.name, replicas]),
    [
      ['old-0', 14],
      ['new', 9],
    ],
  )
})
