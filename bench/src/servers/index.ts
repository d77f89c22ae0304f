import { mkdir, writeFile } from 'node:fs/promises'
import { missingPeers } from '@treeline/interop'
import { type Figures, measure } from './measure.js'
import { type Subject, startOurSubject, startUpstreamSubject } from './subject.js'

/** Figures where less is better. */
const lessIsBetter = /\((ms|MiB)|closed/

/** Our API server and upstream's, one after the other on the same machine, as a table of ratios. */
export async function benchServers(): Promise<void> {
  const missing = await missingPeers({ controllers: false })
  if (missing.length > 0) {
    console.log(`skipped: ${missing.join(', ')} is not here`)
    return
  }
  const upstream = await run(startUpstreamSubject)
  const ours = await run(startOurSubject)
  const rows = (Object.keys(ours) as (keyof Figures)[]).map((name) => {
    const ratio = lessIsBetter.test(name) ? upstream[name] / ours[name] : ours[name] / upstream[name]
    return { figure: name, upstream: upstream[name], ours: ours[name], better: Number.isFinite(ratio) ? `${ratio.toFixed(2)}x` : '' }
  })
  console.table(rows)
  const directory = new URL('../../results/', import.meta.url)
  await mkdir(directory, { recursive: true })
  await writeFile(new URL('servers.json', directory), `${JSON.stringify({ time: new Date().toISOString(), upstream, ours }, null, 2)}\n`)
}

async function run(start: () => Promise<Subject>): Promise<Figures> {
  const subject = await start()
  try {
    return await measure(subject, (line) => console.log(`  ${line}`))
  } finally {
    await subject.stop()
  }
}
