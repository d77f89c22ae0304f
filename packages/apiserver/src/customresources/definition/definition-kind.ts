import { CustomResourceDefinition, type Kind } from '@treeline/api'
import { formatTime, quote } from '@treeline/machinery'
import { setCondition } from '../control/conditions.js'
import type { JsonSchema } from '../schema/json-schema.js'
import { unknownFormats } from '../schema/unknown-formats.js'
import { normaliseNestedSchemas } from './nested-schemas.js'
import { definitionErrors, definitionStatusErrors, definitionUpdateErrors } from './validate-definition.js'

/** Keeps a definition until the objects of its kinds are gone. */
export const cleanupFinalizer = 'customresourcecleanup.apiextensions.k8s.io'

const { strategy } = CustomResourceDefinition

/** CustomResourceDefinition with all it does in a server that serves custom resources. */
export const definitionKind: Kind<CustomResourceDefinition> = {
  ...CustomResourceDefinition,
  strategy: {
    ...strategy,
    applyDefaults(definition) {
      strategy.applyDefaults?.(definition)
      normaliseNestedSchemas(definition)
    },
    prepareForCreate(definition, request) {
      strategy.prepareForCreate?.(definition, request)
      definition.status = emptyStatus()
      noteStorageVersion(definition)
    },
    prepareForUpdate(definition, old, request) {
      strategy.prepareForUpdate?.(definition, old, request)
      noteStorageVersion(definition)
    },
    beginDeletion(definition, now) {
      const { metadata } = definition
      metadata.deletionTimestamp = formatTime(now)
      if (!metadata.finalizers?.includes(cleanupFinalizer)) metadata.finalizers = [...(metadata.finalizers ?? []), cleanupFinalizer]
      setCondition(definition, {
        type: 'Terminating',
        status: 'True',
        reason: 'InstanceDeletionPending',
        message: 'CustomResourceDefinition marked for deletion; CustomResource deletion will begin soon',
        lastTransitionTime: formatTime(now),
      })
    },
    validate: (definition) => definitionErrors(definition),
    validateUpdate: (definition, old) => definitionUpdateErrors(definition, old),
    validateStatusUpdate: (definition) => definitionStatusErrors(definition),
    resetFields: { '': ['status'], status: ['metadata', 'spec'] },
    warningsOnCreate: (definition) => formatsOf(definition).map(formatWarning),
    warningsOnUpdate(definition, old) {
      const known = new Set(formatsOf(old))
      return formatsOf(definition)
        .filter((format) => !known.has(format))
        .map(formatWarning)
    },
  },
}

type Status = NonNullable<CustomResourceDefinition['status']>

function emptyStatus(): Status {
  return { conditions: null, acceptedNames: { plural: '', kind: '' }, storedVersions: null } as unknown as Status
}

// Versions that objects may be stored in only ever grow in number, until a migration takes them out of status.
function noteStorageVersion(definition: CustomResourceDefinition): void {
  const stored = definition.spec.versions?.find(({ storage }) => storage)
  const status = definition.status
  if (!stored || !status || status.storedVersions?.includes(stored.name)) return
  status.storedVersions = [...(status.storedVersions ?? []), stored.name]
}

function formatsOf(definition: CustomResourceDefinition): string[] {
  const schemas = (definition.spec.versions ?? []).map((version) => version.schema?.openAPIV3Schema as JsonSchema | undefined)
  return schemas.flatMap((schema) => (schema ? unknownFormats(schema) : []))
}

function formatWarning(format: string): string {
  return `unrecognized format ${quote(format)}`
}
