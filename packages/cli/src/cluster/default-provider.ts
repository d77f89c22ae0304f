import { readFileSync } from 'node:fs'

/** The provider whose embedded cloud `up` uses when none is named: a fact of the package, not of its code. */
export const defaultProvider: string = (
  JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as { treeline: { defaultCloudProvider: string } }
).treeline.defaultCloudProvider
