import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ControllerFixture } from '@treeline/client/testing'
import type { Route, Routes } from '@treeline/cloud-provider'
import { contextOf, nodeOf } from '../fixture.test-support.js'
import { planRoutes } from './plan.js'
import { routeController } from './route-controller.js'

const cidr = (name: string, podCIDR: string) => nodeOf(name, { spec: { podCIDR, podCIDRs: [podCIDR] } })
const route = (targetNode: string, destinationCIDR: string, blackhole = false): Route => ({
  name: `r-${targetNode}`,
  targetNode,
  destinationCIDR,
  blackhole,
})

test('the plan creates what is missing and deletes what is stale, within the cluster’s ranges only', () => {
  const nodes = [cidr('a', '10.244.1.0/24'), cidr('b', '10.244.2.0/24')]
  const routes = [
    route('a', '10.244.1.0/24'),
    route('gone', '10.244.9.0/24'),
    route('b', '10.244.2.0/24', true),
    route('x', '192.168.0.0/24'),
  ]
  const plan = planRoutes(nodes, routes, ['10.244.0.0/16'])
  assert.deepEqual(plan.delete, [routes[1], routes[2]])
  assert.deepEqual(
    plan.create.map(({ route: wanted }) => wanted),
    [{ targetNode: 'b', destinationCIDR: '10.244.2.0/24' }],
  )
})

test('routes clear NetworkUnavailable; a route that fails raises it and an event', async () => {
  const created: string[] = []
  const routes: Routes = {
    list: async () => [],
    async create({ targetNode }) {
      if (targetNode === 'b') throw new Error('quota')
      created.push(targetNode)
    },
    delete: async () => undefined,
  }
  const fixture = new ControllerFixture(routeController({ reconciliationPeriod: 10_000, routes }), {
    objects: [cidr('a', '10.244.1.0/24'), cidr('b', '10.244.2.0/24')],
    extra: contextOf({}, { routes }),
  })
  assert.deepEqual(await fixture.reconcile('all routes'), { requeueAfter: 10_000 })
  assert.deepEqual(created, ['a'])
  const conditions = fixture.takeWrites().map(({ key, patch }) => {
    const [condition] = (patch!.body as { status: { conditions: { status: string; reason: string }[] } }).status.conditions
    return [key, condition?.status, condition?.reason]
  })
  assert.deepEqual(conditions, [
    ['a', 'False', 'RouteCreated'],
    ['b', 'True', 'NoRouteCreated'],
  ])
  assert.match(fixture.events[0]?.message ?? '', /^Could not create route uid-b 10\.244\.2\.0\/24 for node b after \d+ms: quota$/)
})

test('a listing that fails changes nothing', async () => {
  const routes: Routes = {
    list: async () => Promise.reject(new Error('down')),
    create: async () => assert.fail('created'),
    delete: async () => assert.fail('deleted'),
  }
  const fixture = new ControllerFixture(routeController({ reconciliationPeriod: 10_000, routes }), {
    objects: [cidr('a', '10.244.1.0/24')],
    extra: contextOf({}, { routes }),
  })
  await assert.rejects(fixture.reconcile('all routes'), /down/)
  assert.deepEqual(fixture.takeWrites(), [])
})
