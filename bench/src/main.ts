import { benchResources } from './resources.js'
import { benchScale } from './scale.js'
import { benchServers } from './servers/index.js'
import { benchStore } from './store.js'

/** `npm run bench -- NAME…` runs the benches named, or all of them. */
const benches: Readonly<Record<string, () => Promise<void>>> = {
  store: benchStore,
  resources: benchResources,
  servers: benchServers,
  scale: benchScale,
}

const asked = process.argv.slice(2)
const unknown = asked.filter((name) => !Object.hasOwn(benches, name))
if (unknown.length > 0) {
  console.error(`no bench named ${unknown.join(', ')}; there are ${Object.keys(benches).join(', ')}`)
  process.exitCode = 2
} else {
  for (const [name, run] of Object.entries(benches)) {
    if (asked.length > 0 && !asked.includes(name)) continue
    console.log(`== ${name}`)
    await run()
  }
}
