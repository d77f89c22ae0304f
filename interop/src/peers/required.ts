import type { TestContext } from 'node:test'
import { findPeer } from './build.js'

/**
 * The path of a peer's program. Without it the test is skipped and says why; where all peers must be there
 * (TREELINE_REQUIRE_PEERS) it fails.
 */
export async function requirePeer(context: TestContext, name: string): Promise<string | undefined> {
  const path = await findPeer(name)
  if (path !== undefined) return path
  const reason = `${name} is not here; \`node interop/dist/peers/main.js ${name}\` builds it`
  if (process.env.TREELINE_REQUIRE_PEERS) throw new Error(reason)
  context.skip(reason)
  return undefined
}
