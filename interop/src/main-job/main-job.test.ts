// The session of the README, with real kubectls against a cluster of three sandbox nodes.
import assert from 'node:assert/strict'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { Cluster } from 'treeline'
import { requirePeer } from '../peers/required.js'
import { eventually, type Kubectl, kubectlOf } from './kubectl.js'

const hello = new URL('../../../examples/hello', import.meta.url).pathname
let cluster: Cluster
let scratch: string

before(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'main-job-'))
  cluster = await Cluster.start({ nodes: 3 })
})

after(async () => {
  await cluster.close()
  await rm(scratch, { recursive: true })
})

for (const version of ['kubectl.1.31', 'kubectl.1.32', 'kubectl.1.33', 'kubectl']) {
  describe(version, () => {
    let kubectl: Kubectl
    const namespace = version.replaceAll('.', '-')

    test('is here', async (t) => {
      const program = await requirePeer(t, version)
      if (program) kubectl = kubectlOf(program, cluster.kubeconfig, scratch)
    })

    const step = (name: string, run: () => Promise<void>): void => {
      test(name, async (t) => (kubectl ? run() : t.skip(`${version} is not here`)))
    }
    const inNamespace = (...args: string[]): Promise<string> => kubectl.ok('-n', namespace, ...args)

    step('nodes are ready because the cloud was asked', async () => {
      await eventually(async () => {
        const nodes = JSON.parse(await kubectl.ok('get', 'nodes', '-o', 'json')) as { items: NodeLike[] }
        assert.equal(nodes.items.length, 3)
        for (const { metadata, spec, status } of nodes.items) {
          assert.match(spec.providerID ?? '', /^sandbox:\/\/\/local-1[abc]\/i-/)
          assert.equal(spec.taints, undefined)
          assert.equal(metadata.labels['topology.kubernetes.io/region'], 'local-1')
          assert.ok(metadata.labels['node.kubernetes.io/instance-type'])
          const conditions = new Map(status.conditions.map((condition) => [condition.type, condition.status]))
          assert.equal(conditions.get('Ready'), 'True')
          assert.equal(conditions.get('NetworkUnavailable'), 'False')
          assert.ok(status.addresses.some((address) => address.type === 'InternalIP'))
        }
      })
    })

    step('apply, and the load balancer answers from every pod in turn', async () => {
      await kubectl.ok('create', 'namespace', namespace)
      await inNamespace('apply', '-f', hello)
      await inNamespace('rollout', 'status', 'deployment/hello', '--timeout=30s')
      const address = await eventually(async () => {
        const ip = await inNamespace('get', 'service', 'hello', '-o', 'jsonpath={.status.loadBalancer.ingress[0].ip}')
        assert.notEqual(ip, '')
        return ip
      })
      const pods = await eventually(async () => {
        const answers = await Promise.all([1, 2, 3, 4, 5, 6].map(async () => (await fetch(`http://${address}/`)).text()))
        const names = new Set(answers.map((text) => /pod: (\S+)/.exec(text)?.[1]))
        assert.equal(names.size, 3)
        return names
      })
      assert.ok([...pods].every((name) => name?.startsWith('hello-')))
    })

    step('server-side apply, diff, explain, api-resources', async () => {
      await inNamespace('apply', '--server-side', '--force-conflicts', '-f', hello)
      assert.equal((await kubectl.run(['-n', namespace, 'diff', '-f', hello])).code, 0)
      assert.match(await kubectl.ok('explain', 'deployment.spec.replicas'), /replicas/)
      assert.match(await kubectl.ok('api-resources'), /deployments\s+deploy\s+apps\/v1/)
    })

    step('scale, new image, history, undo, restart', async () => {
      await inNamespace('scale', 'deployment/hello', '--replicas=4')
      await inNamespace('set', 'image', 'deployment/hello', 'web=example/hello:2')
      await inNamespace('rollout', 'status', 'deployment/hello', '--timeout=60s')
      assert.match(await inNamespace('rollout', 'history', 'deployment/hello'), /^2\s/m)
      await inNamespace('rollout', 'undo', 'deployment/hello')
      await inNamespace('rollout', 'status', 'deployment/hello', '--timeout=60s')
      assert.equal(
        await inNamespace('get', 'deployment', 'hello', '-o', 'jsonpath={.spec.template.spec.containers[0].image}'),
        'example/hello:1',
      )
      await inNamespace('rollout', 'restart', 'deployment/hello')
      await inNamespace('rollout', 'status', 'deployment/hello', '--timeout=60s')
    })

    step('logs, exec, cp and port-forward reach the pod', async () => {
      const pod = await readyPod(inNamespace)
      assert.match(await inNamespace('logs', pod), /listening on :8080/)
      assert.equal((await inNamespace('exec', pod, '--', 'sh', '-c', 'echo $((20+22)) | cat')).trim(), '42')
      await writeFile(join(scratch, 'note.txt'), 'carried over\n')
      await inNamespace('cp', 'note.txt', `${pod}:/tmp/note.txt`)
      assert.equal(await inNamespace('exec', pod, '--', 'cat', '/tmp/note.txt'), 'carried over\n')
      await inNamespace('cp', `${pod}:/tmp/note.txt`, 'back.txt')
      assert.equal(await readFile(join(scratch, 'back.txt'), 'utf8'), 'carried over\n')
      const forward = kubectl.start(['-n', namespace, 'port-forward', `pod/${pod}`, ':8080'])
      try {
        const port = await eventually(async () => {
          const found = /127\.0\.0\.1:(\d+)/.exec(forward.output())?.[1]
          assert.ok(found, forward.output())
          return found
        })
        assert.match(await (await fetch(`http://127.0.0.1:${port}/`)).text(), new RegExp(`pod: ${pod}`))
      } finally {
        await forward.stop()
      }
    })

    step('exit codes, previous logs, a job that completes', async () => {
      assert.equal((await kubectl.run(['-n', namespace, 'exec', await readyPod(inNamespace), '--', 'sh', '-c', 'exit 7'])).code, 7)
      await inNamespace('create', 'job', 'once', '--image=busybox', '--', 'sh', '-c', 'echo done')
      await inNamespace('wait', '--for=condition=complete', 'job/once', '--timeout=60s')
      assert.equal(await inNamespace('logs', 'job/once'), 'done\n')
    })

    step('drain evicts and uncordon takes back; top says plainly that it cannot', async () => {
      await kubectl.ok('drain', 'node-1', '--ignore-daemonsets', '--force', '--delete-emptydir-data', '--timeout=60s')
      assert.match(await kubectl.ok('get', 'node', 'node-1'), /SchedulingDisabled/)
      await kubectl.ok('uncordon', 'node-1')
      const top = await kubectl.run(['top', 'nodes'])
      assert.equal(top.code, 1)
      assert.match(top.stderr, /Metrics API not available/)
    })

    step('deleting the Service takes its load balancer back, finalizer first', async () => {
      const address = await inNamespace('get', 'service', 'hello', '-o', 'jsonpath={.status.loadBalancer.ingress[0].ip}')
      assert.match(
        await inNamespace('get', 'service', 'hello', '-o', 'jsonpath={.metadata.finalizers}'),
        /service\.kubernetes\.io\/load-balancer-cleanup/,
      )
      await inNamespace('delete', 'service', 'hello', '--timeout=30s')
      await eventually(() => assert.rejects(fetch(`http://${address}/`)))
      await kubectl.ok('delete', 'namespace', namespace, '--timeout=60s')
    })
  })
}

interface NodeLike {
  readonly metadata: { readonly labels: Readonly<Record<string, string>> }
  readonly spec: { readonly providerID?: string; readonly taints?: unknown }
  readonly status: {
    readonly conditions: { readonly type: string; readonly status: string }[]
    readonly addresses: { readonly type: string }[]
  }
}

async function readyPod(inNamespace: (...args: string[]) => Promise<string>): Promise<string> {
  await inNamespace('wait', '--for=condition=ready', 'pod', '-l', 'app=hello', '--timeout=30s')
  return (await inNamespace('get', 'pods', '-l', 'app=hello', '-o', 'jsonpath={.items[0].metadata.name}')).trim()
}
