// Our server and upstream's, asked the same; every answer that differs is listed in differences.json with its reason.
import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { after, before, test } from 'node:test'
import { Cluster } from 'treeline'
import { parse } from 'yaml'
import { requirePeer } from '../peers/required.js'
import { compareGroups } from '../terminal/compare-groups.js'
import { readGroups } from '../terminal/group.js'
import { missingPeers, startUpstream, type Upstream } from '../upstream/upstream.js'
import { type Comparison, compare } from './compare.js'
import { disagreements, readKnownDifferences } from './known-differences.js'
import type { Script } from './script.js'
import { serverOf } from './server.js'

const filesOf = (folder: string): URL[] => {
  const directory = new URL(`../../scripts/${folder}/`, import.meta.url)
  return readdirSync(directory).map((name) => new URL(name, directory))
}
let upstream: Upstream | undefined
let ours: Cluster | undefined

before(async () => {
  if ((await missingPeers()).length > 0) return
  ;[upstream, ours] = await Promise.all([startUpstream(), Cluster.start({ nodes: 0, store: 'memory' })])
})

after(async () => {
  await Promise.all([upstream?.stop(), ours?.close()])
})

test('requests are answered as upstream answers them', { timeout: 300_000 }, async (t) => {
  const [missing] = await missingPeers()
  if (!upstream || !ours) return void (await requirePeer(t, missing ?? 'kube-apiserver'))
  const scripts = filesOf('requests').flatMap((file) => parse(readFileSync(file, 'utf8')) as Script[])
  report(await compare(serverOf(upstream.kubeconfig), serverOf(ours.kubeconfig), scripts), 'answers', '')
})

test('terminals show what they show on upstream', { timeout: 500_000 }, async (t) => {
  const kubectl = await requirePeer(t, 'kubectl')
  const [missing] = await missingPeers()
  if (!kubectl) return
  if (!upstream || !ours) return void (await requirePeer(t, missing ?? 'kube-apiserver'))
  const groups = filesOf('kubectl').flatMap(readGroups)
  report(await compareGroups(kubectl, upstream.kubeconfig, ours.kubeconfig, groups), 'terminals', 'kubectl ')
})

function report(comparison: Comparison, what: string, prefix: string): void {
  const { compared, differences } = comparison
  console.log(`${compared - differences.length} of ${compared} ${what} equal to upstream's`)
  const known = Object.fromEntries(
    Object.entries(readKnownDifferences()).filter(([step]) => step.startsWith('kubectl ') === (prefix === 'kubectl ')),
  )
  assert.deepEqual(disagreements(known, prefix, comparison), [])
}
