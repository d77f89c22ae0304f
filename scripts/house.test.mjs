// The architecture lint is only worth something if it rejects what it forbids.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { root } from './ensure.mjs'
import { complaints } from './lint-house.mjs'

const forbidden = [
  ['packages/machinery/src/forbidden-import.ts', "import * as api from '@treeline/api'\nexport const x = api\n", 'machinery-imports-down'],
  [
    'packages/apiserver/src/forbidden-import.ts',
    "import * as p from '@treeline/provider-sandbox'\nexport const x = p\n",
    'nothing-imports-a-provider',
  ],
  [
    'providers/sandbox/src/forbidden-import.ts',
    "import * as k from '@treeline/apiserver'\nexport const x = k\n",
    'provider-imports-contracts',
  ],
]

for (const [path, text, rule] of forbidden)
  test(`the architecture lint rejects ${rule}`, () => {
    const file = join(root, path)
    writeFileSync(file, text)
    try {
      const args = [
        join(root, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs'),
        '--config',
        join(root, '.dependency-cruiser.cjs'),
        path,
      ]
      const result = spawnSync(process.execPath, args, { cwd: root, encoding: 'utf8' })
      assert.notEqual(result.status, 0)
      assert.match(result.stdout, new RegExp(rule))
    } finally {
      rmSync(file)
    }
  })

test('vendor words are refused outside providers', () => {
  assert.deepEqual(complaints('packages/kubelet/src/x.ts', "const a = 'aws'\n").length, 1)
  assert.deepEqual(complaints('packages/cli/src/x.ts', "load('sandbox')\n").length, 1)
  assert.deepEqual(complaints('providers/aws/src/x.ts', "const a = 'aws'\n"), [])
})

test('a file past its length is refused', () => {
  assert.equal(complaints('packages/kubelet/src/x.ts', 'a\n'.repeat(500)).length, 1)
})
