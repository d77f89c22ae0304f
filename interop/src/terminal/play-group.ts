import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { parse, stringify } from 'yaml'
import { eventually, type Kubectl, kubectlOf } from '../main-job/kubectl.js'
import { type Group, type Line, lineOf, type TerminalAnswer } from './group.js'
import { normaliseOutput } from './normalise-output.js'
import { words } from './words.js'

/** Milliseconds that controllers get to do what a line waits for. */
const untilDeadline = 10_000

/** Plays a group on the cluster of a kubeconfig, in a namespace and a directory of its own that go afterwards. */
export async function playGroup(program: string, kubeconfig: string, group: Group): Promise<TerminalAnswer[]> {
  const directory = await mkdtemp(join(tmpdir(), 'terminal-'))
  const namespace = namespaceOf(group)
  const config = join(directory, 'kubeconfig')
  const kubectl = kubectlOf(program, config, directory, { HOME: directory })
  try {
    await writeFile(config, inNamespace(await readFile(kubeconfig, 'utf8'), namespace))
    for (const [name, text] of Object.entries(group.files ?? {})) await writeFile(join(directory, name), text)
    await kubectl.ok('create', 'namespace', namespace)
    // its default ServiceAccount is a controller's work, and pods need it
    await eventually(() => kubectl.ok('get', 'serviceaccount', 'default'))
    const answers: TerminalAnswer[] = []
    for (const line of group.lines) answers.push(await playLine(kubectl, lineOf(line)))
    return answers
  } finally {
    await kubectl.run(['delete', 'namespace', namespace, '--wait=false'])
    await rm(directory, { recursive: true, force: true })
  }
}

async function playLine(kubectl: Kubectl, { run, input, env, until, keep, unordered }: Line): Promise<TerminalAnswer> {
  const options = { ...(input === undefined ? {} : { input }), ...(env ? { env } : {}) }
  const end = Date.now() + untilDeadline
  let result = await kubectl.run(words(run), options)
  while (until !== undefined && result.stdout.trim() !== until && Date.now() < end) {
    await sleep(100)
    result = await kubectl.run(words(run), options)
  }
  const { code, stdout, stderr } = result
  return { code, stdout: normaliseOutput(stdout, { keep, unordered }), stderr: normaliseOutput(stderr, { unordered }) }
}

const namespaceOf = ({ name }: Group): string =>
  `t-${name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')}`

interface Kubeconfig {
  readonly contexts: readonly { readonly name: string; readonly context: Readonly<Record<string, string>> }[]
}

/** The same kubeconfig with another current namespace. */
function inNamespace(text: string, namespace: string): string {
  const config = parse(text) as Kubeconfig
  return stringify({ ...config, contexts: config.contexts.map(({ name, context }) => ({ name, context: { ...context, namespace } })) })
}
