// Compares two servers: `node dist/oracle/main.js REFERENCE.kubeconfig OURS.kubeconfig SCRIPTS…`
import { readFileSync } from 'node:fs'
import { parse } from 'yaml'
import { compare } from './compare.js'
import type { Script } from './script.js'
import { serverOf } from './server.js'

const [reference, ours, ...files] = process.argv.slice(2)
if (!reference || !ours || files.length === 0) {
  console.error('usage: oracle REFERENCE.kubeconfig OURS.kubeconfig SCRIPTS…')
  process.exit(2)
}
const scripts = files.flatMap((file) => parse(readFileSync(file, 'utf8')) as Script[])
const { compared, differences } = await compare(serverOf(reference), serverOf(ours), scripts)
for (const { step, text } of differences) console.log(`${step}\n    ${text}`)
console.log(`${compared - differences.length} of ${compared} answers equal to the reference`)
process.exit(differences.length === 0 ? 0 : 1)
