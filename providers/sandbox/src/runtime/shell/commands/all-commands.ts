import type { ShellCommand } from '../command.js'
import { fileCommands } from './files.js'
import { networkCommands } from './network.js'
import { systemCommands } from './system.js'
import { tar } from './tar.js'
import { textCommands } from './text.js'

/** Every program that a simulated container has, whatever its image. */
export const allCommands: Readonly<Record<string, ShellCommand>> = {
  ...textCommands,
  ...fileCommands,
  ...systemCommands,
  ...networkCommands,
  tar,
}
