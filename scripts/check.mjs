// `npm run check`: types, lint and format, architecture.
import { join } from 'node:path'
import { ensureBuilt, ensureInstalled, root, run } from './ensure.mjs'

ensureInstalled()
ensureBuilt()
const node = (script, ...args) => run(process.execPath, [join(root, script), ...args])
const steps = [
  ['lint and format', () => node('node_modules/@biomejs/biome/bin/biome', 'ci', '--error-on-warnings')],
  [
    'imports',
    () =>
      node(
        'node_modules/dependency-cruiser/bin/dependency-cruise.mjs',
        '--config',
        '.dependency-cruiser.cjs',
        'packages',
        'providers',
        'interop',
        'bench',
      ),
  ],
  ['vendor words and file sizes', () => node('scripts/lint-house.mjs')],
]
let failed = 0
for (const [name, step] of steps) {
  if (step() !== 0) {
    console.error(`check failed: ${name}`)
    failed++
  }
}
process.exit(failed === 0 ? 0 : 1)
