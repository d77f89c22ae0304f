import { BinaryReader, BinaryWriter, WireType } from '@bufbuild/protobuf/wire'
import { Client, credentials, Metadata, type ServiceError, status } from '@grpc/grpc-js'
import { joinHostPort, type PodEndpoint, type ProbeOutcome } from './outcome.js'

const serving = 1
const servingNames = ['UNKNOWN', 'SERVING', 'NOT_SERVING', 'SERVICE_UNKNOWN']

/** Asks grpc.health.v1.Health/Check without TLS. The timeout is in milliseconds. */
export async function probeGrpc(
  host: string,
  port: number,
  service: string,
  endpoint: PodEndpoint,
  timeout: number,
): Promise<ProbeOutcome> {
  const place = endpoint(host, port)
  const address = joinHostPort(host, port)
  const client = new Client(joinHostPort(place.host, place.port), credentials.createInsecure(), {
    'grpc.primary_user_agent': 'kube-probe/1.35',
    'grpc.enable_retries': 0,
    'grpc.use_local_subchannel_pool': 1,
  })
  try {
    const code = await check(client, service, timeout)
    if (code === serving) return { result: 'success', output: `service healthy` }
    return { result: 'failure', output: `service unhealthy (responded with "${servingNames[code] ?? code}")` }
  } catch (error) {
    return { result: 'failure', output: failureText(error as ServiceError, address, timeout) }
  } finally {
    client.close()
  }
}

function check(client: Client, service: string, timeout: number): Promise<number> {
  return new Promise((resolve, reject) => {
    client.makeUnaryRequest(
      '/grpc.health.v1.Health/Check',
      encodeRequest,
      decodeResponse,
      service,
      new Metadata(),
      { deadline: Date.now() + timeout },
      (error, code) => (error ? reject(error) : resolve(code ?? 0)),
    )
  })
}

function encodeRequest(service: string): Buffer {
  const writer = new BinaryWriter()
  if (service !== '') writer.tag(1, WireType.LengthDelimited).string(service)
  return Buffer.from(writer.finish())
}

function decodeResponse(bytes: Buffer): number {
  const reader = new BinaryReader(bytes)
  let code = 0
  while (reader.pos < reader.len) {
    const [field, wireType] = reader.tag()
    if (field === 1 && wireType === WireType.Varint) code = reader.int32()
    else reader.skip(wireType, field)
  }
  return code
}

function failureText(error: ServiceError, address: string, timeout: number): string {
  switch (error.code) {
    case status.UNIMPLEMENTED:
      return `error: this server does not implement the grpc health protocol (grpc.health.v1.Health): ${error.details}`
    case status.DEADLINE_EXCEEDED:
      return `timeout: health rpc did not complete within ${timeout / 1_000}s`
    case status.UNAVAILABLE:
      return `error: failed to connect service at "${address}": ${error.details}`
    default:
      return `error: health rpc probe failed: ${error.details}`
  }
}
