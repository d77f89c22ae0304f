import { FileError, normalPath } from '../files/file-tree.js'
import type { Assignment, Command, Pipeline, Script } from './ast.js'
import { builtins, type CommandStreams, type ShellState } from './builtins.js'
import type { CommandContext } from './command.js'
import { ShellExpansionError, ShellSyntaxError } from './errors.js'
import { type Expander, expandOne, expandWords, matches } from './expand.js'
import { runForeign } from './foreign-program.js'
import { interrupted, Leave } from './leave.js'
import { parseScript } from './parser.js'
import { redirected } from './redirect.js'
import type { ShellOptions } from './shell-options.js'
import { splitWords } from './split-words.js'
import { emptySource, LineReader, pipe } from './streams.js'

/** Commands in a row after which a shell that never waits is slowed down: simulated containers share one processor. */
const sprint = 500
const deepestShell = 20

/** A small POSIX shell over simulated programs. */
export class Shell {
  readonly #variables: Map<string, string>
  readonly #exported: Set<string>
  readonly #functions = new Map<string, Command>()
  readonly #jobs = new Set<Promise<number>>()
  #cwd: string
  #parameters: readonly string[]
  #status = 0
  #count = 0
  #exitOnError = false
  #trace = false
  #input: LineReader | undefined

  constructor(private readonly options: ShellOptions) {
    this.#variables = new Map([['IFS', ' \t\n'], ['PWD', options.cwd], ...options.environment])
    this.#exported = new Set(options.environment.keys())
    this.#cwd = options.cwd
    this.#parameters = options.parameters
  }

  /** Runs a whole script; resolves with its exit code. */
  async run(source: string): Promise<number> {
    try {
      return await this.#leaveable(() => this.#script(parseScript(source), this.#standard()))
    } catch (error) {
      if (!(error instanceof ShellSyntaxError)) throw error
      await this.options.stderr(`${this.options.name}: ${error.message}\n`)
      return 2
    }
  }

  /** Reads commands from the standard input and runs each as it comes. `prompt` is shown on the error stream. */
  async interact(prompt: () => string): Promise<number> {
    const { stderr, signal } = this.options
    const lines = new LineReader(this.options.stdin)
    this.#input = lines
    let pending = ''
    for (;;) {
      await stderr(pending === '' ? prompt() : prompt() === '' ? '' : '> ')
      const line = await lines.line()
      if (line === undefined || signal.aborted) return signal.aborted ? interrupted : this.#status
      pending += `${line}\n`
      try {
        const script = parseScript(pending)
        pending = ''
        const left = await this.#script(script, this.#standard()).catch((error: unknown) => error)
        if (left instanceof Leave && left.what === 'exit') return left.code
        if (left instanceof Error) throw left
      } catch (error) {
        if (!(error instanceof ShellSyntaxError)) throw error
        if (/end of file|unterminated/.test(error.message)) continue
        pending = ''
        this.#status = 2
        await stderr(`${this.options.name}: ${error.message}\n`)
      }
    }
  }

  /** Runs one program by its words. */
  async program(argv: readonly string[]): Promise<number> {
    return this.#leaveable(() => this.#execute(argv, this.#standard(), new Map()))
  }

  get cwd(): string {
    return this.#cwd
  }

  #standard(): CommandStreams {
    const { stdin, stdout, stderr } = this.options
    return { stdin, stdout, stderr }
  }

  async #leaveable(run: () => Promise<number>): Promise<number> {
    try {
      return await run()
    } catch (left) {
      if (left instanceof Leave) return left.code
      throw left
    }
  }

  async #script(script: Script, streams: CommandStreams): Promise<number> {
    for (const { pipeline, joint, background } of script.items) {
      if (joint === '&&' && this.#status !== 0) continue
      if (joint === '||' && this.#status === 0) continue
      if (background) {
        const job = this.#clone({ ...streams, stdin: emptySource }).#leaveableIn((shell) =>
          shell.#pipeline(pipeline, { ...streams, stdin: emptySource }),
        )
        this.#jobs.add(job)
        job.finally(() => this.#jobs.delete(job))
        this.#status = 0
        continue
      }
      this.#status = await this.#pipeline(pipeline, streams)
      if (this.#exitOnError && this.#status !== 0 && !pipeline.negated && joint === ';') throw new Leave('exit', this.#status)
    }
    return this.#status
  }

  #leaveableIn = (run: (shell: Shell) => Promise<number>): Promise<number> => this.#leaveable(() => run(this))

  async #pipeline({ commands, negated }: Pipeline, streams: CommandStreams): Promise<number> {
    const [only] = commands
    const code = commands.length === 1 && only !== undefined ? await this.#command(only, streams) : await this.#piped(commands, streams)
    return negated ? (code === 0 ? 1 : 0) : code
  }

  async #piped(commands: readonly Command[], streams: CommandStreams): Promise<number> {
    let stdin = streams.stdin
    let abandonInput: () => void = () => undefined
    const codes = commands.map((command, index) => {
      const joint = index < commands.length - 1 ? pipe() : undefined
      const own: CommandStreams = { stdin, stdout: joint?.sink ?? streams.stdout, stderr: streams.stderr }
      const abandon = abandonInput
      stdin = joint?.source ?? stdin
      abandonInput = joint?.abandon ?? (() => undefined)
      return this.#clone(own)
        .#leaveableIn((shell) => shell.#command(command, own))
        .finally(() => {
          joint?.end()
          abandon()
        })
    })
    return (await Promise.all(codes)).at(-1) ?? 0
  }

  async #command(command: Command, outer: CommandStreams): Promise<number> {
    await this.#breathe()
    try {
      const streams = await redirected(command.redirects, outer, this.#expander(outer))
      this.#status = await this.#perform(command, streams)
    } catch (error) {
      if (!(error instanceof FileError || error instanceof ShellExpansionError)) throw error
      await outer.stderr(`${this.options.name}: ${error.message}\n`)
      this.#status = error instanceof FileError ? 1 : 2
      if (error instanceof ShellExpansionError) throw new Leave('exit', 2)
    }
    return this.#status
  }

  async #perform(command: Command, streams: CommandStreams): Promise<number> {
    switch (command.kind) {
      case 'simple':
        return this.#simple(command.assignments, await expandWords(command.words, this.#expander(streams)), streams)
      case 'group':
        if (!command.subshell) return this.#script(command.body, streams)
        return this.#clone(streams).#leaveableIn((shell) => shell.#script(command.body, streams))
      case 'loop':
        return this.#loop(async () => ((await this.#quiet(command.condition, streams)) === 0) !== command.until, command.body, streams)
      case 'for': {
        const words = command.words === undefined ? this.#parameters : await expandWords(command.words, this.#expander(streams))
        const left = [...words]
        return this.#loop(
          async () => {
            const word = left.shift()
            if (word !== undefined) this.#variables.set(command.variable, word)
            return word !== undefined
          },
          command.body,
          streams,
        )
      }
      case 'if': {
        for (const { condition, body } of command.branches) {
          if ((await this.#quiet(condition, streams)) === 0) return this.#script(body, streams)
        }
        this.#status = 0
        return command.otherwise === undefined ? 0 : this.#script(command.otherwise, streams)
      }
      case 'case': {
        const subject = await expandOne(command.subject, this.#expander(streams))
        for (const { patterns, body } of command.arms) {
          for (const pattern of patterns) {
            if (matches(await expandOne(pattern, this.#expander(streams)), subject)) {
              this.#status = 0
              return this.#script(body, streams)
            }
          }
        }
        return 0
      }
      default:
        this.#functions.set(command.name, command.body)
        return 0
    }
  }

  /** A condition may fail without ending a shell that ends on errors. */
  async #quiet(condition: Script, streams: CommandStreams): Promise<number> {
    const before = this.#exitOnError
    this.#exitOnError = false
    try {
      return await this.#script(condition, streams)
    } finally {
      this.#exitOnError = before
    }
  }

  async #loop(more: () => Promise<boolean>, body: Script, streams: CommandStreams): Promise<number> {
    let code = 0
    while (await more()) {
      try {
        await this.#breathe()
        code = await this.#script(body, streams)
      } catch (left) {
        if (!(left instanceof Leave) || (left.what !== 'break' && left.what !== 'continue')) throw left
        if (--left.levels > 0) throw left
        if (left.what === 'break') break
      }
    }
    return code
  }

  async #simple(assignments: readonly Assignment[], argv: readonly string[], streams: CommandStreams): Promise<number> {
    const assigned = new Map<string, string>()
    for (const { name, value } of assignments) assigned.set(name, await expandOne(value, this.#expander(streams)))
    if (this.#trace) await streams.stderr(`+ ${[...[...assigned].map(([name, value]) => `${name}=${value}`), ...argv].join(' ')}\n`)
    const [name] = argv
    if (name === undefined) {
      for (const [variable, value] of assigned) this.#variables.set(variable, value)
      return assignments.length > 0 ? (this.#substituted ?? 0) : 0
    }
    const body = this.#functions.get(name)
    if (body !== undefined) return this.#call(body, argv.slice(1), streams)
    const builtin = Object.hasOwn(builtins, name) ? builtins[name] : undefined
    if (builtin === undefined) return this.#execute(argv, streams, assigned)
    for (const [variable, value] of assigned) this.#variables.set(variable, value)
    return builtin(this.#state, argv.slice(1), streams)
  }

  async #call(body: Command, args: readonly string[], streams: CommandStreams): Promise<number> {
    const outer = this.#parameters
    this.#parameters = args
    try {
      return await this.#command(body, streams)
    } catch (left) {
      if (left instanceof Leave && left.what === 'return') return left.code
      throw left
    } finally {
      this.#parameters = outer
    }
  }

  async #execute(argv: readonly string[], streams: CommandStreams, assigned: ReadonlyMap<string, string>): Promise<number> {
    const [word = '', ...args] = argv
    const name = word.split('/').at(-1) ?? ''
    const { commands, machine, signal } = this.options
    const environment = new Map([...this.#exportedVariables(), ...assigned])
    const command = Object.hasOwn(commands, name) ? commands[name] : undefined
    if (command === undefined) {
      const runScript = (text: string) => this.#child(streams, environment, signal, word, args).run(text)
      return runForeign({ word, name, cwd: this.#cwd, shell: this.options.name, machine, signal, stderr: streams.stderr, runScript })
    }
    const context: CommandContext = {
      args,
      environment,
      cwd: this.#cwd,
      ...streams,
      signal,
      machine,
      run: (next, overrides = {}) =>
        this.#child({ ...streams, ...overrides }, overrides.environment ?? environment, overrides.signal ?? signal).program(next),
      script: (source, parameters, { interactive = false } = {}) => {
        const [zero = name, ...rest] = parameters
        const shell = this.#child(streams, environment, signal, zero, rest)
        return interactive ? shell.interact(() => '') : shell.run(source)
      },
    }
    try {
      return await command(context)
    } catch (error) {
      if (error instanceof Leave) throw error
      if (signal.aborted) return interrupted
      await streams.stderr(`${name}: ${error instanceof Error ? error.message : error}\n`)
      return 1
    }
  }

  #child(
    streams: CommandStreams,
    environment: ReadonlyMap<string, string>,
    signal: AbortSignal,
    name = this.options.name,
    parameters: readonly string[] = [],
  ): Shell {
    const depth = (this.options.depth ?? 0) + 1
    if (depth > deepestShell) throw new FileError('too many shells within shells')
    const { stdin, stdout, stderr } = streams
    return new Shell({ ...this.options, stdin, stdout, stderr, environment, signal, cwd: this.#cwd, name, parameters, depth })
  }

  /** A copy of this shell, for what must not change it. */
  #clone(streams: CommandStreams): Shell {
    const copy = this.#child(streams, this.#exportedVariables(), this.options.signal, this.options.name, this.#parameters)
    for (const [name, value] of this.#variables) copy.#variables.set(name, value)
    for (const [name, body] of this.#functions) copy.#functions.set(name, body)
    copy.#status = this.#status
    copy.#exitOnError = this.#exitOnError
    return copy
  }

  #exportedVariables(): Map<string, string> {
    return new Map([...this.#variables].filter(([name]) => this.#exported.has(name)))
  }

  #substituted: number | undefined

  #expander(streams: CommandStreams): Expander {
    return {
      get: (name) => this.#value(name),
      set: (name, value) => this.#variables.set(name, value),
      parameters: this.#parameters,
      name: this.options.name,
      files: this.options.machine.files,
      cwd: this.#cwd,
      substitute: async (source) => {
        const chunks: Buffer[] = []
        const own: CommandStreams = { ...streams, stdout: async (data) => void chunks.push(Buffer.from(data)) }
        const shell = this.#clone(own)
        this.#substituted = await shell.run(source)
        this.#status = this.#substituted
        return Buffer.concat(chunks).toString().replace(/\n+$/, '')
      },
    }
  }

  #value(name: string): string | undefined {
    switch (name) {
      case '?':
        return String(this.#status)
      case '$':
        return '1'
      case '!':
        return this.#jobs.size > 0 ? '2' : ''
      case '#':
        return String(this.#parameters.length)
      case '0':
        return this.options.name
      default:
        return /^\d$/.test(name) ? this.#parameters[Number(name) - 1] : this.#variables.get(name)
    }
  }

  /** Lets others run now and then, and slows down whoever never waits. */
  async #breathe(): Promise<void> {
    if (this.options.signal.aborted) throw new Leave('exit', interrupted)
    if (++this.#count % 50 !== 0) return
    await new Promise((resolve) => setTimeout(resolve, this.#count > sprint ? 20 : 0))
  }

  /** For the commands that change the shell itself. */
  readonly #state: ShellState = {
    cd: async (path: string, streams: CommandStreams): Promise<number> => {
      const target = normalPath(this.#cwd, path)
      const facts = await this.options.machine.files.facts(target).catch(() => undefined)
      if (facts?.kind !== 'directory') {
        await streams.stderr(
          `${this.options.name}: cd: can't cd to ${path}: ${facts === undefined ? 'No such file or directory' : 'Not a directory'}\n`,
        )
        return 2
      }
      this.#cwd = target
      this.#variables.set('PWD', target)
      return 0
    },
    variables: {
      set: (name, value, exported) => {
        if (value !== undefined) this.#variables.set(name, value)
        if (exported) this.#exported.add(name)
      },
      unset: (name) => {
        this.#variables.delete(name)
        this.#exported.delete(name)
      },
    },
    leave: (what: Leave['what'], code: string | undefined): never => {
      const number = Number.parseInt(code ?? '', 10)
      if (what === 'break' || what === 'continue') throw new Leave(what, 0, Number.isNaN(number) ? 1 : number)
      throw new Leave(what, Number.isNaN(number) ? this.#status : number & 0xff)
    },
    exec: async (argv: readonly string[], streams: CommandStreams): Promise<number> => {
      if (argv.length === 0) return 0
      throw new Leave('exit', await this.#execute(argv, streams, new Map()))
    },
    set: (args: readonly string[]): number => {
      for (const [index, word] of args.entries()) {
        if (word === '--' || !/^[-+]/.test(word)) {
          this.#parameters = args.slice(word === '--' ? index + 1 : index)
          break
        }
        if (word.includes('e')) this.#exitOnError = word.startsWith('-')
        if (word.includes('x')) this.#trace = word.startsWith('-')
      }
      return 0
    },
    shift: (count: number): number => {
      this.#parameters = this.#parameters.slice(count)
      return 0
    },
    wait: async (): Promise<number> => (await Promise.all(this.#jobs)).at(-1) ?? 0,
    source: async (path: string, streams: CommandStreams): Promise<number> => {
      const text = await this.options.machine.files.read(normalPath(this.#cwd, path))
      return this.#script(parseScript(text.toString()), streams)
    },
    evaluate: async (text: string, streams: CommandStreams): Promise<number> => this.#script(parseScript(text), streams),
    read: async (names: readonly string[], streams: CommandStreams): Promise<number> => {
      this.#input ??= new LineReader(streams.stdin)
      const reader = streams.stdin === this.options.stdin ? this.#input : new LineReader(streams.stdin)
      const line = await reader.line()
      splitWords(line ?? '', names, (name, word) => this.#variables.set(name, word))
      return line === undefined ? 1 : 0
    },
    known: (name: string): boolean =>
      this.#functions.has(name) || Object.hasOwn(builtins, name) || Object.hasOwn(this.options.commands, name),
  }
}
