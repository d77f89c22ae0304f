import { resolve } from 'node:path'
import type { Command } from 'commander'
import { askCluster, defaultDataDirectory, waitForEnd } from '../cluster/data-directory.js'

const stopDeadline = 15_000

export function addStatus(program: Command): void {
  program
    .command('status')
    .description('tell about the cluster in a data directory')
    .option('--data-dir <dir>', 'where the cluster lives', defaultDataDirectory())
    .option('--json', 'as JSON', false)
    .addHelpText('after', '\nExample:\n  treeline status --data-dir ./dev\n\nExits with 1 when no cluster runs there.')
    .action(async ({ dataDir, json }: { dataDir: string; json: boolean }) => {
      const status = await askCluster(resolve(dataDir), 'status')
      if (json) process.stdout.write(`${JSON.stringify(status ?? { running: false })}\n`)
      else if (status)
        process.stdout.write(
          `running as process ${status.pid} since ${status.startedAt}\n  ${status.url}\n  KUBECONFIG=${status.kubeconfig}\n`,
        )
      else process.stdout.write(`no cluster runs in ${resolve(dataDir)}\n`)
      process.exitCode = status ? 0 : 1
    })
}

export function addDown(program: Command): void {
  program
    .command('down')
    .description('stop the cluster in a data directory; its state stays')
    .option('--data-dir <dir>', 'where the cluster lives', defaultDataDirectory())
    .addHelpText('after', '\nExample:\n  treeline down --data-dir ./dev')
    .action(async ({ dataDir }: { dataDir: string }) => {
      const directory = resolve(dataDir)
      const status = await askCluster(directory, 'stop')
      if (!status) {
        process.stdout.write(`no cluster runs in ${directory}\n`)
        return
      }
      await waitForEnd(directory, stopDeadline)
      process.stdout.write('stopped\n')
    })
}
