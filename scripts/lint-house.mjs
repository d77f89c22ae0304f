// What an import rule cannot say: no vendor word outside providers/, and files of one idea each.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './ensure.mjs'
import { globSync } from './glob.mjs'

const vendors = /\b(aws|amazon|gcp|gce|google|azure|openstack|vsphere|vmware)\b|['"`/-]sandbox['"`]/i
// wire names of the API itself, and facts about other people's label and volume names
const vendorWordsAreWire = [/^packages\/api\/src\//, /\/testing\//, /\.test\.ts$/, /generated/]
const longest = 400
// tables of facts, where a row is a line
const tables = [/^packages\/api\/src\/.*types.*\.ts$/, /generated/, /\.test\.ts$/, /bootstrap\/.*(roles|rules|bindings)/]

/** Complaints about one file, each `path:line: text`. */
export function complaints(path, text) {
  const found = []
  const lines = text.split('\n')
  const code = lines.filter((line) => !/^\s*($|\/\/|\/?\*)/.test(line)).length
  if (code > longest && !tables.some((t) => t.test(path))) found.push(`${path}: ${code} lines of code; past ${longest} a file is two ideas`)
  if (path.startsWith('packages/') && !vendorWordsAreWire.some((w) => w.test(path)))
    lines.forEach((line, index) => {
      if (vendors.test(line)) found.push(`${path}:${index + 1}: names a vendor outside providers/: ${line.trim().slice(0, 100)}`)
    })
  return found
}

if (process.argv[1] === join(root, 'scripts/lint-house.mjs')) {
  const files = globSync(root, /^(packages|providers|interop|bench)\/(.*\/)?src\/.*\.ts$/)
  const all = files.flatMap((path) => complaints(path, readFileSync(join(root, path), 'utf8')))
  for (const line of all) console.error(line)
  process.exit(all.length === 0 ? 0 : 1)
}
