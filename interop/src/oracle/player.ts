import { setTimeout as sleep } from 'node:timers/promises'
import { normalise } from './normalise.js'
import type { Answer, Script, Step } from './script.js'
import { type RawAnswer, type Server, send } from './server.js'

/** Plays a script in a namespace of its own and gives its answers, normalised. */
export async function play(server: Server, script: Script, id: string): Promise<Answer[]> {
  const namespace = `w-${id}`
  const names = new Map([
    ['NS', namespace],
    ['CLUSTER', `wc${id}`],
  ])
  await send(server, {
    method: 'POST',
    path: '/api/v1/namespaces',
    body: { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } },
  })
  // the default ServiceAccount is a controller's work
  await sleep(150)
  const answers: Answer[] = []
  for (const step of script.steps) {
    if (step.wait) await sleep(step.wait)
    const [method = 'GET', ...rest] = substitute(step.do, names).split(' ')
    const raw = await send(server, {
      method,
      path: encodeURI(rest.join(' ')).replace(/%25([0-9A-Fa-f]{2})/g, '%$1'),
      ...(step.body === undefined
        ? {}
        : {
            body: typeof step.body === 'string' ? substitute(step.body, names) : JSON.parse(substitute(JSON.stringify(step.body), names)),
          }),
      ...(step.type ? { type: step.type } : {}),
      ...(step.accept ? { accept: step.accept } : {}),
      ...(step.as ? { as: substitute(step.as, names) } : {}),
      ...(step.watchMs ? { watchMs: step.watchMs } : {}),
      ...(step.headers ? { headers: JSON.parse(substitute(JSON.stringify(step.headers), names)) } : {}),
    })
    if (step.save) remember(raw, step.save, names)
    answers.push(answerOf(raw, step, names))
  }
  await send(server, { method: 'DELETE', path: `/api/v1/namespaces/${namespace}` })
  return answers
}

function substitute(text: string, names: ReadonlyMap<string, string>): string {
  let result = text
  for (const [name, value] of names) result = result.split(`$${name}`).join(value)
  return result
}

function remember(raw: RawAnswer, save: Readonly<Record<string, string>>, names: Map<string, string>): void {
  let body: unknown
  try {
    body = JSON.parse(raw.text)
  } catch {
    // the comparison shows what came instead of JSON
    return
  }
  for (const [name, path] of Object.entries(save)) names.set(name, String(at(body, path) ?? ''))
}

function answerOf(raw: RawAnswer, step: Step, names: ReadonlyMap<string, string>): Answer {
  const lines = step.watchMs ? raw.text.split('\n').filter(Boolean) : [raw.text]
  const bodies = lines.map((line) => decoded(line)).filter((body) => !isPassingBookmark(body))
  const picked = step.pick ? bodies.map((body) => Object.fromEntries((step.pick ?? []).map((path) => [path, at(body, path)]))) : bodies
  const normal = picked.map((body) => normalise(body, names))
  return {
    code: raw.code,
    type: raw.type.replace(/\s/g, ''),
    ...(raw.warning ? { warning: normalise(raw.warning, names) } : {}),
    body: step.watchMs ? normal : normal[0],
  }
}

/** When a server tells how far it is, is its own affair; only the bookmark that ends the first events is a fact. */
function isPassingBookmark(body: unknown): boolean {
  return at(body, 'type') === 'BOOKMARK' && at(body, 'object.metadata.annotations') === undefined
}

function decoded(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    return line.slice(0, 4000)
  }
}

function at(value: unknown, path: string): unknown {
  return path.split('.').reduce<unknown>((inner, key) => (inner as Record<string, unknown> | undefined | null)?.[key], value)
}
