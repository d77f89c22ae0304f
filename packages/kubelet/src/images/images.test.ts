import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Secret } from '@treeline/api'
import { withDefaultTag } from './image-name.js'
import { credentialsFor } from './pull-credentials.js'

const digest = `sha256:${'a'.repeat(64)}`

test('names without tag and digest get :latest and no registry', () => {
  const cases: [string, string][] = [
    ['nginx', 'nginx:latest'],
    ['nginx:1.27', 'nginx:1.27'],
    ['localhost:5000/team/app', 'localhost:5000/team/app:latest'],
    ['registry.example/a/b:tag', 'registry.example/a/b:tag'],
    [`nginx@${digest}`, `nginx@${digest}`],
    ['Registry.example/app', 'Registry.example/app:latest'],
  ]
  for (const [name, expected] of cases) assert.equal(withDefaultTag(name), expected)
})

test('names that no registry has are refused', () => {
  for (const bad of [
    '',
    'Nginx',
    'http://x/y',
    'a b',
    'x:',
    'x:ta g',
    'a//b',
    `x@sha256:zz`,
    'a'.repeat(600),
    'b'.repeat(64).replaceAll('b', 'f'),
    '-'.repeat(400),
  ]) {
    assert.throws(() => withDefaultTag(bad), /couldn't parse image name/, bad)
  }
})

test('credentials match by host and path, the most specific first', () => {
  const auths = {
    'https://index.docker.io/v1/': { auth: Buffer.from('hub:secret').toString('base64') },
    'registry.example': { username: 'any', password: 'p1' },
    'registry.example/team': { username: 'team', password: 'p2' },
    '*.cloud.example': { identitytoken: 'token' },
  }
  const secret: Secret = {
    metadata: {},
    type: 'kubernetes.io/dockerconfigjson',
    data: { '.dockerconfigjson': Buffer.from(JSON.stringify({ auths })).toString('base64') },
  }
  const users = (image: string) => credentialsFor(image, [secret]).map(({ username, identityToken }) => username || identityToken)
  assert.deepEqual(users('nginx'), ['hub'])
  assert.deepEqual(users('registry.example/team/app:1'), ['team', 'any'])
  assert.deepEqual(users('registry.example/other/app'), ['any'])
  assert.deepEqual(users('eu.cloud.example/x@sha256:00'), ['token'])
  assert.deepEqual(users('a.b.cloud.example/x'), [])
  assert.equal(credentialsFor('nginx', [secret])[0]?.password, 'secret')
})

test('a secret that makes no sense gives no credentials', () => {
  for (const text of ['', 'not json', '[]', 'null', '{"auths": 5}']) {
    const data = { '.dockerconfigjson': Buffer.from(text).toString('base64') }
    assert.deepEqual(credentialsFor('nginx', [{ metadata: {}, data }]), [])
  }
})
