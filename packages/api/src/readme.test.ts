import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'

test('the example of the README runs', async () => {
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8')
  const example = /```js\n([\s\S]*?)```/.exec(readme)?.[1]
  assert.ok(example)
  const face = new URL('./index.js', import.meta.url).href
  const source = example.replace("'@treeline/api'", JSON.stringify(face))
  await import(`data:text/javascript,${encodeURIComponent(source)}`)
})
