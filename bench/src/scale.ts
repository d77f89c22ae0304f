import { mkdir, writeFile } from 'node:fs/promises'
import { findPeer, missingPeers } from '@treeline/interop'
import { startKwokSubject } from './scale/kwok-subject.js'
import { measureScale, type ScaleFigures } from './scale/measure-scale.js'
import type { ScaleSubject } from './scale/subject.js'
import { startTreelineSubject } from './scale/treeline-subject.js'

/** Nodes, and pods of one Deployment on them. `TREELINE_BENCH_SCALE=5x100,1000x10000` asks for others. */
const sizes = '5x300,100x1000,1000x2000'

/**
 * Pods a second from a Deployment to all of it Ready, on simulated nodes: ours in one process, and upstream's control
 * plane with kwok where it is built. kwok writes statuses and no more; our nodes run a node agent, volumes, tokens,
 * logs, events and listening ports for each pod.
 */
export async function benchScale(): Promise<void> {
  const starts: ((nodes: number) => Promise<ScaleSubject>)[] = [startTreelineSubject]
  const missing = [...(await missingPeers()), ...((await findPeer('kwok')) ? [] : ['kwok'])]
  if (missing.length > 0) console.log(`  without upstream: ${missing.join(', ')} is not here`)
  else starts.push(startKwokSubject)
  const rows: ScaleFigures[] = []
  for (const size of (process.env['TREELINE_BENCH_SCALE'] ?? sizes).split(',')) {
    const [nodes = 0, pods = 0] = size.split('x').map(Number)
    if (!(nodes > 0 && pods > 0)) throw new Error(`TREELINE_BENCH_SCALE: ${JSON.stringify(size)} is not NODESxPODS`)
    for (const start of starts) rows.push(await measureScale(start, nodes, pods, (line) => console.log(`  ${line}`)))
  }
  console.table(rows)
  const directory = new URL('../results/', import.meta.url)
  await mkdir(directory, { recursive: true })
  await writeFile(new URL('scale.json', directory), `${JSON.stringify({ time: new Date().toISOString(), rows }, null, 2)}\n`)
}
