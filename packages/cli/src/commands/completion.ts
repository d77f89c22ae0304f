import type { Command } from 'commander'
import { UsageError } from '../usage-error.js'

const scripts: Readonly<Record<string, (commands: readonly CompletedCommand[]) => string>> = { bash, zsh, fish }

interface CompletedCommand {
  readonly name: string
  readonly description: string
  readonly flags: readonly string[]
}

/** `treeline completion SHELL`: a script to be sourced, made from the commands themselves. */
export function addCompletion(program: Command): void {
  program
    .command('completion')
    .description('print a shell completion script')
    .argument('<shell>', `one of ${Object.keys(scripts).join(', ')}`)
    .addHelpText('after', '\nExample:\n  source <(treeline completion bash)')
    .action((shell: string) => {
      const script = scripts[shell]
      if (!script) throw new UsageError(`there is no completion for "${shell}"; there is for ${Object.keys(scripts).join(', ')}`)
      process.stdout.write(script(completed(program)))
    })
}

function completed(program: Command): CompletedCommand[] {
  return program.commands.map((command) => ({
    name: command.name(),
    description: command.description(),
    flags: command.options.flatMap((option) => (option.long ? [option.long] : [])),
  }))
}

function bash(commands: readonly CompletedCommand[]): string {
  const cases = commands.map(({ name, flags }) => `    ${name}) words="${flags.join(' ')} --help" ;;`).join('\n')
  return `_treeline() {
  local words
  case "\${COMP_WORDS[1]}" in
${cases}
  esac
  [ "$COMP_CWORD" -eq 1 ] && words="${commands.map((command) => command.name).join(' ')}"
  COMPREPLY=($(compgen -W "$words" -- "\${COMP_WORDS[COMP_CWORD]}"))
}
complete -o default -F _treeline treeline
`
}

function zsh(commands: readonly CompletedCommand[]): string {
  const names = commands.map(({ name, description }) => `    '${name}:${description.replaceAll("'", '’')}'`).join('\n')
  const cases = commands.map(({ name, flags }) => `    ${name}) compadd -- ${flags.join(' ')} --help ;;`).join('\n')
  return `#compdef treeline
_treeline() {
  local -a commands
  commands=(
${names}
  )
  if (( CURRENT == 2 )); then _describe command commands; return; fi
  case "$words[2]" in
${cases}
  esac
}
compdef _treeline treeline
`
}

function fish(commands: readonly CompletedCommand[]): string {
  return commands
    .flatMap(({ name, description, flags }) => [
      `complete -c treeline -n __fish_use_subcommand -a ${name} -d '${description.replaceAll("'", '’')}'`,
      ...flags.map((flag) => `complete -c treeline -n '__fish_seen_subcommand_from ${name}' -l ${flag.slice(2)}`),
    ])
    .join('\n')
    .concat('\n')
}
