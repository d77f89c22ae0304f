// `npm run bench`: ours beside upstream in the same run.
import { join } from 'node:path'
import { ensureBuilt, ensureInstalled, root, run } from './ensure.mjs'

ensureInstalled()
ensureBuilt()
process.exit(run(process.execPath, [join(root, 'bench/dist/main.js'), ...process.argv.slice(2)]))
