// The example in every README runs.
import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { pathToFileURL } from 'node:url'
import { root } from './ensure.mjs'

const rooms = ['packages', 'providers'].flatMap((folder) => readdirSync(join(root, folder)).map((name) => join(folder, name)))

for (const room of rooms) {
  test(`${room}/README.md has an example, and it runs`, async () => {
    const readme = join(root, room, 'README.md')
    assert.ok(existsSync(readme), 'there is no README.md')
    const example = /```js\n([\s\S]*?)```/.exec(readFileSync(readme, 'utf8'))?.[1]
    assert.ok(example, 'there is no js example')
    // beside the package's own code, where its imports resolve
    const file = join(root, room, 'dist', 'readme-example.mjs')
    writeFileSync(file, example)
    try {
      await import(pathToFileURL(file).href)
    } finally {
      rmSync(file)
    }
  })
}
