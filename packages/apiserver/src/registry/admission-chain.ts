import type { Kind } from '@treeline/api'
import type { KubernetesObject } from '@treeline/machinery'
import type { AdmissionAttributes, AdmissionPlugin } from '../admission/admission.js'
import type { WriteContext } from './write-context.js'

/** The admission plug-ins in their order: all `admit`s, later all `validate`s. */
export class AdmissionChain {
  private readonly mutating: readonly AdmissionPlugin[]
  private readonly validating: readonly AdmissionPlugin[]

  constructor(plugins: readonly AdmissionPlugin[]) {
    this.mutating = plugins.filter((plugin) => plugin.admit)
    this.validating = plugins.filter((plugin) => plugin.validate)
  }

  /** Throws StatusError. Plug-ins may change `attributes.object` in place. */
  async admit(attributes: AdmissionAttributes): Promise<void> {
    for (const plugin of this.mutating) {
      const pending = plugin.admit?.(attributes)
      if (pending) await pending
    }
  }

  async validate(attributes: AdmissionAttributes): Promise<void> {
    for (const plugin of this.validating) {
      const pending = plugin.validate?.(attributes)
      if (pending) await pending
    }
  }
}

/** What a plug-in sees of a write. */
export function admissionAttributes(
  operation: AdmissionAttributes['operation'],
  kind: Kind,
  namespace: string | undefined,
  name: string | undefined,
  context: WriteContext,
  object?: KubernetesObject,
  oldObject?: KubernetesObject,
): AdmissionAttributes {
  return {
    operation,
    kind,
    subresource: context.subresource === '' ? undefined : context.subresource,
    namespace,
    name,
    object,
    oldObject,
    options: context.options,
    dryRun: context.dryRun,
    user: context.user,
    warn: context.warn,
  }
}
