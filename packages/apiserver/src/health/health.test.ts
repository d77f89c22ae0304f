import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { ask, type OpenServer, openServer } from '../testing/open-server.js'

let open: OpenServer
let broken = false
before(async () => {
  const check = () => {
    if (broken) throw new Error('a secret')
  }
  open = await openServer({ checks: [{ name: 'part', check }] })
})
after(() => open.close())

test('health is one word, or one line for each check', async () => {
  assert.equal((await ask(open.local, 'GET', '/livez')).text, 'ok')
  assert.match((await ask(open.local, 'GET', '/readyz?verbose')).text, /^\[\+\]ping ok\n.*\[\+\]part ok\n.*readyz check passed\n$/s)
  assert.equal((await ask(open.local, 'GET', '/livez/part')).text, 'ok')
  assert.equal((await ask(open.local, 'GET', '/livez/none')).status, 404)
})

test('a failing check is told without its reason, unless it is excluded', async () => {
  broken = true
  const failed = await ask(open.local, 'GET', '/readyz')
  assert.equal(failed.status, 500)
  assert.match(failed.text, /\[-\]part failed: reason withheld\n/)
  assert.doesNotMatch(failed.text, /secret/)
  assert.equal((await ask(open.local, 'GET', '/readyz?exclude=part')).status, 200)
  broken = false
})
