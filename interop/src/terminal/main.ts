// Compares two clusters: `node dist/terminal/main.js REFERENCE.kubeconfig OURS.kubeconfig GROUPS.yaml… [--only NAME]`
import { parseArgs } from 'node:util'
import { findPeer } from '../peers/build.js'
import { compareGroups } from './compare-groups.js'
import { readGroups } from './group.js'

const { values, positionals } = parseArgs({ allowPositionals: true, options: { only: { type: 'string' } } })
const [reference, ours, ...files] = positionals
if (!reference || !ours || files.length === 0) {
  console.error('usage: terminal REFERENCE.kubeconfig OURS.kubeconfig GROUPS.yaml… [--only NAME]')
  process.exit(2)
}
const groups = files.flatMap(readGroups).filter(({ name }) => values.only === undefined || name === values.only)
const { compared, differences } = await compareGroups((await findPeer('kubectl')) ?? 'kubectl', reference, ours, groups)
for (const { step, text } of differences) console.log(`${step}\n    ${text}`)
console.log(`${compared - differences.length} of ${compared} terminals equal to the reference`)
process.exit(differences.length === 0 ? 0 : 1)
