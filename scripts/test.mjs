// `npm test`: every test of the house. `npm test -- packages/storage` runs those below one folder.

import { ensureBuilt, ensureInstalled, root, run } from './ensure.mjs'
import { globSync } from './glob.mjs'

ensureInstalled()
ensureBuilt()
const only = process.argv.slice(2)
const files = globSync(
  root,
  /^(packages|providers)\/[^/]+\/dist\/.*\.test\.js$|^(interop|bench|conformance)\/dist\/.*\.test\.js$|^scripts\/.*\.test\.mjs$/,
).filter((file) => only.length === 0 || only.some((folder) => file.startsWith(folder)))
if (files.length === 0) {
  console.error(`no test below ${only.join(', ')}`)
  process.exit(2)
}
process.exit(
  run(process.execPath, [
    '--enable-source-maps',
    '--test',
    '--test-concurrency=2',
    '--test-reporter=./scripts/test-reporter.mjs',
    '--test-timeout=600000',
    ...files,
  ]),
)
