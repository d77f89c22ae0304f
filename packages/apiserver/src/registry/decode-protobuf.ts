import { type Kind, schemaOf } from '@treeline/api'
import { type Decoded, decodeMessage, errors, groupVersion, openEnvelope, ProtobufError } from '@treeline/machinery'
import { customBodyTypes } from '../http/negotiation.js'

/** Reads a request body in protobuf as what the same object would be in JSON. Throws StatusError 400, and 415 for custom resources. */
export function decodeProtobuf(kind: Kind, bytes: Buffer): Decoded {
  if (kind.custom) throw errors.unsupportedMediaType(customBodyTypes)
  return readProtobuf(() => {
    const { apiVersion, kind: name, raw } = openEnvelope(bytes)
    const isExpected = name === kind.kind && apiVersion === groupVersion(kind.group, kind.version)
    // another kind's message cannot be read by this schema; its name is enough to refuse it
    const object = isExpected ? decodeMessage(kind.schema, raw) : {}
    return { value: { ...object, apiVersion, kind: name }, duplicates: [] }
  })
}

export function decodeProtobufOptions(bytes: Buffer): object {
  return readProtobuf(() => {
    const { kind, raw } = openEnvelope(bytes)
    return { ...decodeMessage(schemaOf('meta.v1.DeleteOptions'), raw), kind }
  })
}

function readProtobuf<R>(read: () => R): R {
  try {
    return read()
  } catch (error) {
    if (!(error instanceof ProtobufError)) throw error
    throw errors.badRequest(error.message)
  }
}
