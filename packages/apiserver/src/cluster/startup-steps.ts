import type { BootstrapStep } from '../bootstrap/bootstrap.js'
import type { ApiInternals } from '../registry/internals.js'
import type { StartupStep } from '../server.js'

/** Bootstrap steps as the server runs them: each by itself, and each after those it needs. */
export function startupSteps(steps: readonly BootstrapStep[], internals: ApiInternals): StartupStep[] {
  const running = new Map<string, Promise<void>>()
  const runs = new Map(steps.map((step) => [step.name, step]))
  const run = (step: BootstrapStep): Promise<void> => {
    const known = running.get(step.name)
    if (known) return known
    const started = Promise.all(step.after.flatMap((name) => runs.get(name) ?? []).map(run)).then(() => step.run(internals))
    running.set(step.name, started)
    return started
  }
  return steps.map((step) => ({ name: step.name, run: () => run(step) }))
}
