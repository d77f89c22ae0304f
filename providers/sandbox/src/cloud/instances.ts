import { randomBytes } from 'node:crypto'
import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { BootInstance, RunningNode } from '@treeline/cloud-provider'
import type { AddressPlan } from './address-plan.js'
import { ApiError } from './api-error.js'
import { defaultInstanceType, instanceTypes, zones } from './catalog.js'
import type { InstanceRecord, StateFile } from './state.js'

export interface InstanceFleet {
  list(): readonly InstanceRecord[]
  get(id: string): InstanceRecord
  create(request: { name?: string; zone?: string; type?: string }): Promise<InstanceRecord>
  /** Powers off; the record stays. */
  stop(id: string): Promise<void>
  start(id: string): Promise<void>
  /** Powers off and forgets, disk included. */
  terminate(id: string): Promise<void>
  /** Boots everything that the record says is running. */
  bootAll(): Promise<void>
  close(): Promise<void>
}

export interface FleetOptions {
  readonly state: StateFile
  readonly plan: AddressPlan
  readonly directory: string
  readonly powerOn: (instance: BootInstance) => Promise<RunningNode>
  readonly log: (message: string) => void
}

const bootsAtOnce = 16

/** The instances, and the node agents that run on them. */
export function instanceFleet({ state, plan, directory, powerOn, log }: FleetOptions): InstanceFleet {
  const { record } = state
  const running = new Map<string, Promise<RunningNode>>()

  function get(id: string): InstanceRecord {
    const instance = record.instances.find((candidate) => candidate.id === id)
    if (!instance) throw new ApiError(404, 'InstanceNotFound', `there is no instance ${id}`)
    return instance
  }

  const disk = (instance: InstanceRecord): string => join(directory, 'instances', instance.name)

  async function boot(instance: InstanceRecord): Promise<void> {
    if (running.has(instance.id)) return
    const type = instanceTypes[instance.type] ?? instanceTypes[defaultInstanceType]
    if (!type) throw new ApiError(500, 'UnknownInstanceType', `instance ${instance.id} has the unknown type ${instance.type}`)
    await mkdir(disk(instance), { recursive: true, mode: 0o700 })
    const booting = powerOn({
      nodeName: instance.name,
      nodeIP: instance.address,
      directory: disk(instance),
      criSocket: join(disk(instance), 'cri.sock'),
      capacity: type,
    })
    running.set(instance.id, booting)
    try {
      await booting
    } catch (error) {
      running.delete(instance.id)
      throw new Error(`instance ${instance.name} did not boot: ${error instanceof Error ? error.message : String(error)}`, { cause: error })
    }
  }

  async function powerOff(id: string): Promise<void> {
    const booted = running.get(id)
    running.delete(id)
    if (booted) await (await booted).stop()
  }

  async function create(request: { name?: string; zone?: string; type?: string }): Promise<InstanceRecord> {
    const number = record.nextInstance
    const zone = request.zone ?? zones[number % zones.length] ?? zones[0]
    const type = request.type ?? defaultInstanceType
    if (!zones.includes(zone as (typeof zones)[number]))
      throw new ApiError(400, 'InvalidZone', `there is no zone ${zone}; there are ${zones.join(', ')}`)
    if (!(type in instanceTypes))
      throw new ApiError(
        400,
        'InvalidInstanceType',
        `there is no instance type ${type}; there are ${Object.keys(instanceTypes).join(', ')}`,
      )
    const name = request.name ?? `node-${number + 1}`
    if (!/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/.test(name)) throw new ApiError(400, 'InvalidName', `"${name}" is not a DNS label`)
    if (record.instances.some((instance) => instance.name === name))
      throw new ApiError(409, 'NameTaken', `there is an instance named ${name} already`)
    record.nextInstance++
    const instance: InstanceRecord = {
      id: `i-${randomBytes(8).toString('hex')}`,
      name,
      zone,
      type,
      address: plan.instanceAddress(number),
      state: 'running',
    }
    record.instances.push(instance)
    await state.save()
    await boot(instance)
    return instance
  }

  return {
    list: () => record.instances,
    get,
    create,
    async stop(id) {
      const instance = get(id)
      instance.state = 'stopped'
      await state.save()
      await powerOff(id)
    },
    async start(id) {
      const instance = get(id)
      instance.state = 'running'
      await state.save()
      await boot(instance)
    },
    async terminate(id) {
      const instance = get(id)
      record.instances.splice(record.instances.indexOf(instance), 1)
      await state.save()
      await powerOff(id)
      await rm(disk(instance), { recursive: true, force: true })
    },
    async bootAll() {
      const waiting = record.instances.filter((instance) => instance.state === 'running')
      const worker = async (): Promise<void> => {
        for (let instance = waiting.shift(); instance; instance = waiting.shift()) await boot(instance)
      }
      await Promise.all(Array.from({ length: bootsAtOnce }, worker))
    },
    async close() {
      const results = await Promise.allSettled([...running.keys()].map(powerOff))
      for (const result of results) if (result.status === 'rejected') log(`an instance did not stop cleanly: ${String(result.reason)}`)
    },
  }
}
