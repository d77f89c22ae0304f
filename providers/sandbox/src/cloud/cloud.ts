import { createHash, randomBytes } from 'node:crypto'
import { mkdir } from 'node:fs/promises'
import type { BootInstance, RunningNode } from '@treeline/cloud-provider'
import { claimAddressPlan } from './address-plan.js'
import { serveApi } from './api.js'
import { balancers } from './balancers.js'
import { type InstanceFleet, instanceFleet } from './instances.js'
import { routeTable } from './routes.js'
import { openState } from './state.js'

export interface CloudOptions {
  readonly directory: string
  readonly log: (message: string) => void
  readonly powerOn: (instance: BootInstance) => Promise<RunningNode>
}

export interface Cloud {
  readonly endpoint: string
  readonly token: string
  readonly podCIDR: string
  readonly nodeCIDR: string
  readonly fleet: InstanceFleet
  close(): Promise<void>
}

/** Opens the cloud below `directory`: its addresses, its API, its load balancers. Instances boot when `fleet.bootAll` says so. */
export async function openCloud({ directory, log, powerOn }: CloudOptions): Promise<Cloud> {
  await mkdir(directory, { recursive: true, mode: 0o700 })
  let isNew = false
  const state = await openState(directory, () => {
    isNew = true
    return {
      slot: firstSlot(directory),
      token: randomBytes(24).toString('base64url'),
      instances: [],
      loadBalancers: [],
      routes: [],
      nextInstance: 0,
      nextRoute: 0,
    }
  })
  // once instances have addresses the range is theirs for good
  const plan = await claimAddressPlan(state.record.slot, !isNew)
  if (plan.slot !== state.record.slot) Object.assign(state.record, { slot: plan.slot })
  await state.save()

  const fleet = instanceFleet({ state, plan, directory, powerOn, log })
  const open = balancers({ state, plan, log })
  await open.openAll()
  const { endpoint, server } = await serveApi(
    { token: state.record.token, fleet, balancers: open, routes: routeTable(state) },
    plan.apiAddress,
    log,
  )

  return {
    endpoint,
    token: state.record.token,
    podCIDR: plan.podCIDR,
    nodeCIDR: plan.nodeCIDR,
    fleet,
    async close() {
      server.close()
      server.closeAllConnections()
      await Promise.all([fleet.close(), open.close()])
      await state.save()
      await plan.release()
    },
  }
}

/** Spreads clouds over the slots, so that two of them seldom want the same one. */
function firstSlot(directory: string): number {
  return ((createHash('sha256').update(directory).digest()[0] ?? 0) % 15) + 1
}
