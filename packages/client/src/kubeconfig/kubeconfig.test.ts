import assert from 'node:assert/strict'
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { FakeClock } from '../testing/fake-clock.js'
import { connectionOf, loadConnection } from './connection.js'
import { loadKubeconfig } from './load-kubeconfig.js'
import { pemData, singleContext, writeKubeconfig } from './write-kubeconfig.js'

let directory = ''
before(async () => {
  directory = await mkdtemp(join(tmpdir(), 'treeline-kubeconfig-'))
})
after(() => rm(directory, { recursive: true }))

async function file(name: string, content: string): Promise<string> {
  const path = join(directory, name)
  await writeFile(path, content)
  return path
}

test('what is written is what is read, and only its owner can read it', async () => {
  const config = singleContext('c', { server: 'https://x:1', 'certificate-authority-data': pemData('CA') }, { token: 't' }, 'ns')
  const path = join(directory, 'deep', 'config')
  await writeKubeconfig(path, config)
  assert.deepEqual(await loadKubeconfig({ path }), config)
  assert.equal((await stat(path)).mode & 0o777, 0o600)
  const { server, certificateAuthority, namespace, credentials } = await connectionOf(config)
  assert.deepEqual([server, certificateAuthority, namespace], ['https://x:1', 'CA', 'ns'])
  assert.deepEqual(await credentials?.headers?.(false), { authorization: 'Bearer t' })
})

test('of the files in KUBECONFIG the first to name something decides; missing ones are passed over', async () => {
  const one = await file('one', 'current-context: a\nclusters: [{name: c, cluster: {server: "https://one"}}]\n')
  const two = await file(
    'two',
    'current-context: b\nclusters: [{name: c, cluster: {server: "https://two"}}, {name: d, cluster: {server: "https://d"}}]\n',
  )
  const merged = await loadKubeconfig({ env: { KUBECONFIG: `${join(directory, 'missing')}:${one}:${two}` } })
  assert.equal(merged['current-context'], 'a')
  assert.deepEqual(
    merged.clusters?.map(({ cluster }) => cluster.server),
    ['https://one', 'https://d'],
  )
  await assert.rejects(loadKubeconfig({ path: join(directory, 'missing') }), { name: 'KubeconfigError' })
})

test('files named in it are found beside it, and a token file is read again', async () => {
  await file('token', 'first\n')
  await file('ca.crt', 'CA')
  const path = await file(
    'relative',
    'current-context: x\ncontexts: [{name: x, context: {cluster: x, user: x}}]\nclusters: [{name: x, cluster: {server: "https://x", certificate-authority: ca.crt}}]\nusers: [{name: x, user: {tokenFile: token}}]\n',
  )
  const clock = new FakeClock()
  const connection = await loadConnection({ path, clock })
  assert.equal(connection.certificateAuthority, 'CA')
  const header = async () => (await connection.credentials?.headers?.(false))?.['authorization']
  assert.equal(await header(), 'Bearer first')
  await file('token', 'second')
  assert.equal(await header(), 'Bearer first')
  clock.advance(60_000)
  assert.equal(await header(), 'Bearer second')
})

test('what does not fit together is said in one sentence', async () => {
  const cases: [string, RegExp][] = [
    ['{}', /no current context/],
    ['current-context: x', /context "x" does not exist/],
    ['current-context: x\ncontexts: [{name: x, context: {cluster: z}}]', /cluster "z" has no server/],
    ['clusters: 5', /clusters must be a list/],
    ['- a', /is not an object/],
    [': [', /not valid YAML/],
  ]
  for (const [content, message] of cases) {
    const path = await file('broken', content)
    await assert.rejects(
      loadConnection({ path }),
      (error: Error) => error.name === 'KubeconfigError' && message.test(error.message),
      content,
    )
  }
})

test('a credential plug-in is run when needed, and its answer kept until it expires or is rejected', async () => {
  const count = join(directory, 'count')
  const script = `echo >> ${count}; N=$(wc -l < ${count} | tr -d ' '); echo '{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","status":{"token":"'$N'","expirationTimestamp":"2026-01-01T01:00:00Z"}}'`
  const config = singleContext(
    'c',
    { server: 'https://x' },
    { exec: { apiVersion: 'client.authentication.k8s.io/v1', command: 'sh', args: ['-c', script] } },
  )
  const clock = new FakeClock('2026-01-01T00:00:00Z')
  const { credentials } = await connectionOf(config, { clock })
  const token = async (rejected = false) => (await credentials?.headers?.(rejected))?.['authorization']
  assert.deepEqual([await token(), await token(), await token(true)], ['Bearer 1', 'Bearer 1', 'Bearer 2'])
  clock.advance(3_600_000)
  assert.equal(await token(), 'Bearer 3')
  assert.equal((await readFile(count, 'utf8')).length, 3)
})

test('a plug-in that fails is said to have failed, with the hint to install it', async () => {
  const exec = { apiVersion: 'client.authentication.k8s.io/v1', command: join(directory, 'nothing'), installHint: 'install it' }
  const { credentials } = await connectionOf(singleContext('c', { server: 'https://x' }, { exec }))
  await assert.rejects(async () => credentials?.headers?.(false), /exec plug-in .*nothing: .*ENOENT.*\n\ninstall it/)
})
