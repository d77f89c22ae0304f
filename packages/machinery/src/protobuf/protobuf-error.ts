/** Bytes that cannot be read as the message they should be, or an object that has no protobuf form. */
export class ProtobufError extends Error {}
