export { decodeMessage, encodeMessage } from './codec.js'
export { type Envelope, isEnvelope, openEnvelope, sealEnvelope } from './envelope.js'
export { ProtobufError } from './protobuf-error.js'
