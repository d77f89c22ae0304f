import type { DefaultsTable } from '../../declaration/defaults.js'

export const apiextensionsDefaults: DefaultsTable = {
  'apiextensions.v1.CustomResourceDefinition': (definition) => {
    const { spec } = definition
    if (!spec) return
    if (spec.names) {
      spec.names.singular ||= (spec.names.kind ?? '').toLowerCase()
      if (spec.names.kind) spec.names.listKind ||= `${spec.names.kind}List`
    }
    spec.conversion ??= { strategy: 'None' }
    definition.status ??= {}
    if (!definition.status.storedVersions?.length) {
      const stored = spec.versions?.find((version) => version.storage)
      if (stored) definition.status.storedVersions = [stored.name]
    }
  },
  'apiextensions.v1.ServiceReference': { port: 443 },
  'apiregistration.v1.ServiceReference': { port: 443 },
}
