import { isIP } from 'node:net'
import type { AddressPlan } from './address-plan.js'
import { ApiError } from './api-error.js'
import { type LiveLoadBalancer, liveLoadBalancer } from './load-balancer.js'
import type { BackendRecord, HealthCheckRecord, ListenerRecord, LoadBalancerRecord, StateFile } from './state.js'

/** What is asked for; the address is the cloud's to give. */
export interface LoadBalancerRequest {
  readonly cluster: string
  readonly service: string
  readonly listeners: readonly Pick<ListenerRecord, 'port' | 'backendPort'>[]
  readonly backends: readonly BackendRecord[]
  readonly healthCheck: HealthCheckRecord
  readonly sourceRanges: readonly string[]
  /** Asks for this address. */
  readonly address?: string
}

export interface Balancers {
  list(): readonly LoadBalancerRecord[]
  get(name: string): LoadBalancerRecord & { readonly healthy: readonly string[] }
  put(name: string, request: LoadBalancerRequest): Promise<LoadBalancerRecord>
  putBackends(name: string, backends: readonly BackendRecord[]): Promise<LoadBalancerRecord>
  /** Succeeds when there is none. */
  delete(name: string): Promise<void>
  /** Opens every load balancer on record. */
  openAll(): Promise<void>
  close(): Promise<void>
}

const highest = 60_000

export function balancers({ state, plan, log }: { state: StateFile; plan: AddressPlan; log: (message: string) => void }): Balancers {
  const { record } = state
  const live = new Map<string, LiveLoadBalancer>()
  const draining = new Set<Promise<void>>()
  const find = (name: string): LoadBalancerRecord | undefined => record.loadBalancers.find((candidate) => candidate.name === name)

  function get(name: string): LoadBalancerRecord {
    const found = find(name)
    if (!found) throw new ApiError(404, 'LoadBalancerNotFound', `there is no load balancer ${name}`)
    return found
  }

  function freeAddress(asked: string | undefined): string {
    const taken = new Set(record.loadBalancers.map((balancer) => balancer.address))
    if (asked !== undefined) {
      if (isIP(asked) !== 4 || !asked.startsWith(`127.${plan.slot * 16}.`))
        throw new ApiError(400, 'InvalidAddress', `${asked} is not an address of this cloud`)
      if (taken.has(asked)) throw new ApiError(409, 'AddressInUse', `${asked} belongs to another load balancer`)
      return asked
    }
    for (let index = 0; index < highest; index++) {
      const address = plan.loadBalancerAddress(index)
      if (!taken.has(address)) return address
    }
    throw new ApiError(409, 'NoAddressLeft', 'every load balancer address is taken')
  }

  async function apply(balancer: LoadBalancerRecord): Promise<void> {
    let open = live.get(balancer.name)
    if (!open) {
      open = liveLoadBalancer(balancer.address)
      live.set(balancer.name, open)
    }
    await open.apply(balancer)
  }

  return {
    list: () => record.loadBalancers,
    get: (name) => ({ ...get(name), healthy: live.get(name)?.healthy() ?? [] }),
    async put(name, request) {
      let balancer = find(name)
      if (balancer && (balancer.service !== request.service || balancer.cluster !== request.cluster))
        throw new ApiError(409, 'NameTaken', `load balancer ${name} belongs to ${balancer.cluster}, ${balancer.service}`)
      if (!balancer) {
        const { cluster, service, healthCheck } = request
        balancer = {
          name,
          cluster,
          service,
          address: freeAddress(request.address),
          listeners: [],
          backends: [],
          healthCheck,
          sourceRanges: [],
        }
        record.loadBalancers.push(balancer)
      }
      const known = new Map(balancer.listeners.map((listener) => [listener.port, listener]))
      balancer.listeners = request.listeners.map(({ port, backendPort }) => ({ ...known.get(port), port, backendPort }))
      balancer.backends = [...request.backends]
      balancer.healthCheck = request.healthCheck
      balancer.sourceRanges = [...request.sourceRanges]
      // on record before it listens: a crash in between is repaired at the next start, not forgotten
      await state.save()
      await apply(balancer)
      await state.save()
      return balancer
    },
    async putBackends(name, backends) {
      const balancer = get(name)
      balancer.backends = [...backends]
      await state.save()
      await apply(balancer)
      return balancer
    },
    async delete(name) {
      const balancer = find(name)
      if (!balancer) return
      record.loadBalancers.splice(record.loadBalancers.indexOf(balancer), 1)
      const open = live.get(name)
      live.delete(name)
      if (open) {
        const drained = open.drain().finally(() => draining.delete(drained))
        draining.add(drained)
      }
      await state.save()
    },
    async openAll() {
      for (const balancer of record.loadBalancers)
        await apply(balancer).catch((error: Error) => log(`load balancer ${balancer.name} could not open: ${error.message}`))
    },
    async close() {
      await Promise.all([...[...live.values()].map((open) => open.drain(500)), ...draining])
      live.clear()
    },
  }
}
