import { statfs } from 'node:fs/promises'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { freemem, totalmem } from 'node:os'
import { type ContainerStats, isUnimplemented } from '@treeline/cri'
import { formatTime } from '@treeline/machinery'
import type { AssignedPod } from '../assigned-pod.js'
import type { NodeAgent } from '../node-agent.js'
import { containerNameLabel, podUidLabel } from '../runtime/identity.js'
import type { RouteContext } from './route.js'

/** `/stats/summary`: what the node and its containers use, as far as the runtime measures it. */
export async function statsSummary(
  { agent, workers, url }: RouteContext,
  _request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const brief = url.searchParams.get('only_cpu_and_memory') === 'true'
  const stats = await containerStats(agent)
  const pods = workers.active().map((pod) => podSummary(pod, stats.get(pod.metadata.uid) ?? [], agent.clock.now()))
  const body = JSON.stringify({ node: await nodeSummary(agent, brief), pods })
  response.writeHead(200, { 'content-type': 'application/json' }).end(body)
}

/** By pod uid. A runtime that does not measure has none. */
async function containerStats({ runtime, signal }: NodeAgent): Promise<Map<string, ContainerStats[]>> {
  const byPod = new Map<string, ContainerStats[]>()
  try {
    const { stats } = await runtime.listContainerStats({}, { signal })
    for (const one of stats) {
      const uid = one.attributes?.labels[podUidLabel] ?? ''
      byPod.set(uid, [...(byPod.get(uid) ?? []), one])
    }
  } catch (error) {
    if (!isUnimplemented(error)) throw error
  }
  return byPod
}

async function nodeSummary(agent: NodeAgent, brief: boolean): Promise<object> {
  const time = formatTime(new Date(agent.clock.now()))
  const [total, free] = [totalmem(), freemem()]
  const memory = { time, availableBytes: free, usageBytes: total - free, workingSetBytes: total - free }
  const head = { nodeName: agent.nodeName, startTime: formatTime(new Date(agent.clock.now() - process.uptime() * 1_000)), memory }
  if (brief) return head
  const { blocks, bavail, bfree, bsize, files, ffree } = await statfs(agent.podsDirectory)
  const fs = {
    time,
    availableBytes: bavail * bsize,
    capacityBytes: blocks * bsize,
    usedBytes: (blocks - bfree) * bsize,
    inodesFree: ffree,
    inodes: files,
    inodesUsed: files - ffree,
  }
  return { ...head, fs }
}

function podSummary({ metadata, status }: AssignedPod, stats: readonly ContainerStats[], now: number): object {
  const { name, namespace, uid } = metadata
  const sum = (of: (one: ContainerStats) => bigint | undefined) => stats.reduce((total, one) => total + Number(of(one) ?? 0n), 0)
  const time = formatTime(new Date(now))
  return {
    podRef: { name, namespace, uid },
    startTime: status?.startTime ?? null,
    containers: stats.map(containerSummary),
    ...(stats.length === 0
      ? {}
      : {
          cpu: {
            time,
            usageNanoCores: sum(({ cpu }) => cpu?.usageNanoCores?.value),
            usageCoreNanoSeconds: sum(({ cpu }) => cpu?.usageCoreNanoSeconds?.value),
          },
          memory: { time, workingSetBytes: sum(({ memory }) => memory?.workingSetBytes?.value) },
        }),
  }
}

function containerSummary({ attributes, cpu, memory, writableLayer }: ContainerStats): object {
  const number = (value: { value: bigint } | undefined) => (value === undefined ? undefined : Number(value.value))
  return {
    name: attributes?.labels[containerNameLabel] ?? attributes?.metadata?.name ?? '',
    startTime: null,
    ...(cpu && {
      cpu: {
        time: time(cpu.timestamp),
        usageNanoCores: number(cpu.usageNanoCores),
        usageCoreNanoSeconds: number(cpu.usageCoreNanoSeconds),
      },
    }),
    ...(memory && {
      memory: {
        time: time(memory.timestamp),
        availableBytes: number(memory.availableBytes),
        usageBytes: number(memory.usageBytes),
        workingSetBytes: number(memory.workingSetBytes),
        rssBytes: number(memory.rssBytes),
        pageFaults: number(memory.pageFaults),
        majorPageFaults: number(memory.majorPageFaults),
      },
    }),
    ...(writableLayer && {
      rootfs: {
        time: time(writableLayer.timestamp),
        usedBytes: number(writableLayer.usedBytes),
        inodesUsed: number(writableLayer.inodesUsed),
      },
    }),
  }
}

function time(nanoseconds: bigint): string {
  return formatTime(new Date(Number(nanoseconds / 1_000_000n)))
}
