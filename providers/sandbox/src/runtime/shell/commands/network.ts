import { request } from 'node:http'
import { normalPath } from '../../files/file-tree.js'
import { type CommandContext, options, type ShellCommand } from '../command.js'

interface Fetched {
  readonly status: number
  readonly headers: string
  readonly body: Buffer
}

const largestBody = 8 * 1024 * 1024
const defaultTimeout = 30_000

/** Gets an http URL as the container would. Throws what a C library would say. */
function fetched(
  context: CommandContext,
  target: string,
  method: string,
  data: string | undefined,
  headers: Record<string, string>,
  timeout: number,
): Promise<Fetched> {
  const url = new URL(/^\w+:\/\//.test(target) ? target : `http://${target}`)
  if (url.protocol !== 'http:') throw new Error(`${url.protocol.replace(':', '')}: protocol not supported`)
  const place = context.machine.resolve(url.hostname.replace(/^\[|\]$/g, ''), Number(url.port || 80))
  return new Promise((resolve, reject) => {
    const call = request(
      {
        host: place.host,
        port: place.port,
        path: `${url.pathname}${url.search}`,
        method,
        signal: AbortSignal.timeout(timeout),
        agent: false,
        headers: { host: url.host, ...headers },
      },
      (response) => {
        const chunks: Buffer[] = []
        let length = 0
        response.on('data', (chunk: Buffer) => {
          length += chunk.length
          if (length > largestBody) response.destroy(new Error('body too large'))
          else chunks.push(chunk)
        })
        response.on('error', reject)
        response.on('end', () => {
          const lines = Object.entries(response.headers).map(([name, value]) => `${name}: ${value}\r\n`)
          resolve({
            status: response.statusCode ?? 0,
            headers: `HTTP/1.1 ${response.statusCode} ${response.statusMessage}\r\n${lines.join('')}\r\n`,
            body: Buffer.concat(chunks),
          })
        })
      },
    )
    call.on('error', reject)
    context.signal.addEventListener('abort', () => call.destroy(), { once: true })
    call.end(data)
  })
}

const wget: ShellCommand = async (context) => {
  const words = context.args.filter((word) => !/^--(spider|no-.*|timeout=.*|tries=.*|quiet)$/.test(word))
  const { values, rest } = options(words, 'OTtU')
  const [target = ''] = rest
  try {
    const { status, body } = await fetched(
      context,
      target,
      'GET',
      undefined,
      { 'user-agent': 'Wget' },
      Number(values.get('T') ?? 30) * 1_000,
    )
    if (status >= 400) {
      await context.stderr(`wget: server returned error: HTTP/1.1 ${status}\n`)
      return 1
    }
    if (context.args.includes('--spider')) return 0
    const output = values.get('O') ?? target.split('/').at(-1) ?? 'index.html'
    if (output === '-') await context.stdout(body)
    else await context.machine.files.write(normalPath(context.cwd, output || 'index.html'), body)
    return 0
  } catch (error) {
    await context.stderr(`wget: ${problem(error, target)}\n`)
    return 1
  }
}

const curl: ShellCommand = async (context) => {
  const args = context.args.flatMap((word) => longOptions[word] ?? [word])
  const { flags, values, rest } = options(args, 'oXdHmAu')
  const wordsWithoutTarget = options(rest.slice(1), 'oXdHmAu')
  const all = { flags: new Set([...flags, ...wordsWithoutTarget.flags]), values: new Map([...values, ...wordsWithoutTarget.values]) }
  const [target = ''] = rest
  const data = all.values.get('d')
  const [name = '', ...value] = (all.values.get('H') ?? '').split(':')
  const headers = { 'user-agent': all.values.get('A') ?? 'curl/8.0.0', ...(name === '' ? {} : { [name]: value.join(':').trim() }) }
  const method = all.values.get('X') ?? (all.flags.has('I') ? 'HEAD' : data === undefined ? 'GET' : 'POST')
  try {
    const answer = await fetched(context, target, method, data, headers, Number(all.values.get('m') ?? defaultTimeout / 1_000) * 1_000)
    if (all.flags.has('f') && answer.status >= 400) {
      await context.stderr(`curl: (22) The requested URL returned error: ${answer.status}\n`)
      return 22
    }
    const shown = all.flags.has('i') || all.flags.has('I') ? Buffer.concat([Buffer.from(answer.headers), answer.body]) : answer.body
    const output = all.values.get('o')
    if (output === undefined || output === '-') await context.stdout(shown)
    else await context.machine.files.write(normalPath(context.cwd, output), shown)
    return 0
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    const exit = code === 'ENOTFOUND' || code === 'EAI_AGAIN' ? 6 : code === 'ECONNREFUSED' ? 7 : 28
    if (!all.flags.has('s') || all.flags.has('S')) await context.stderr(`curl: (${exit}) ${problem(error, target)}\n`)
    return exit
  }
}

const longOptions: Readonly<Record<string, readonly string[]>> = {
  '--silent': ['-s'],
  '--show-error': ['-S'],
  '--fail': ['-f'],
  '--head': ['-I'],
  '--include': ['-i'],
  '--location': ['-L'],
  '--output': ['-o'],
  '--request': ['-X'],
  '--data': ['-d'],
  '--header': ['-H'],
  '--max-time': ['-m'],
  '--connect-timeout': ['-m'],
}

/** Names are not resolved: a simulated pod network has addresses only. */
const nslookup: ShellCommand = async ({ args: [name = ''], stderr }) => {
  await stderr(`nslookup: can't resolve '${name}'\n`)
  return 1
}

function problem(error: unknown, target: string): string {
  const { code, message } = error as NodeJS.ErrnoException
  if (code === 'ECONNREFUSED') return `can't connect to remote host (${target}): Connection refused`
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return `bad address '${target}'`
  return message
}

export const networkCommands: Readonly<Record<string, ShellCommand>> = { curl, nslookup, wget }
