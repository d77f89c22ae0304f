#!/usr/bin/env node
import { Command, CommanderError } from 'commander'
import { addCompletion } from './commands/completion.js'
import { addDown, addStatus } from './commands/status-down.js'
import { addUp } from './commands/up.js'
import { addApiServer } from './components/apiserver.js'
import { addCloudControllerManager, addControllerManager, addScheduler } from './components/controllers.js'
import { addKubelet } from './components/kubelet.js'
import { UsageError } from './usage-error.js'

const program = new Command('treeline')
  .description('A Kubernetes platform in which everything a vendor or a machine brings is a plug-in.')
  .version('0.1.0')
  .exitOverride()
  .configureHelp({ showGlobalOptions: true })
  .showHelpAfterError('(see --help)')

const commands = [
  addUp,
  addStatus,
  addDown,
  addApiServer,
  addControllerManager,
  addScheduler,
  addKubelet,
  addCloudControllerManager,
  addCompletion,
]
for (const add of commands) add(program)
for (const command of program.commands) command.exitOverride().showHelpAfterError('(see --help)')

try {
  await program.parseAsync()
} catch (error) {
  process.exitCode = exitCodeOf(error)
}

/** 0 done, 1 failed, 2 wrong usage; one sentence either way. */
function exitCodeOf(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2
  process.stderr.write(`treeline: ${error instanceof Error ? error.message : String(error)}\n`)
  return error instanceof UsageError ? 2 : 1
}
