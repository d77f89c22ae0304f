// `npm start`: installs and builds what is missing, then `treeline up` with the flags that follow `--`.
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { ensureBuilt, ensureInstalled, root } from './ensure.mjs'

ensureInstalled()
ensureBuilt()
process.argv.splice(2, 0, 'up')
await import(pathToFileURL(join(root, 'packages/cli/dist/main.js')).href)
