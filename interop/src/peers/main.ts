// Builds the peers named on the command line, or all of them.
import { buildPeers } from './build.js'
import { peers } from './manifest.js'

const names = process.argv.slice(2)
await buildPeers(names.length > 0 ? names : Object.keys(peers), (line) => console.log(line))
