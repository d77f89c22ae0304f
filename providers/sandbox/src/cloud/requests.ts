import { isIP } from 'node:net'
import { ApiError } from './api-error.js'
import type { LoadBalancerRequest } from './balancers.js'
import type { BackendRecord, HealthCheckRecord } from './state.js'

type Body = Record<string, unknown>

/** An optional text of at most 253 characters. */
export function textField(body: Body, name: string): string | undefined {
  const value = body[name]
  if (value === undefined) return undefined
  if (typeof value !== 'string' || value.length > 253) throw invalid(name, 'must be a text of at most 253 characters')
  return value
}

export function checkRoute(body: Body): { cluster: string; destination: string; instance: string } {
  return { cluster: required(body, 'cluster'), destination: required(body, 'destination'), instance: required(body, 'instance') }
}

export function checkLoadBalancer(body: Body): LoadBalancerRequest {
  const listeners = list(body.listeners, 'listeners', 1000).map((listener, index) => ({
    port: port(listener.port, `listeners[${index}].port`),
    backendPort: port(listener.backendPort, `listeners[${index}].backendPort`),
  }))
  const ranges = body.sourceRanges ?? []
  if (!Array.isArray(ranges) || !ranges.every(isCIDR)) throw invalid('sourceRanges', 'must be a list of CIDRs')
  const address = textField(body, 'address')
  return {
    cluster: required(body, 'cluster'),
    service: required(body, 'service'),
    listeners,
    backends: checkBackends(body.backends),
    healthCheck: healthCheck(body.healthCheck),
    sourceRanges: ranges,
    ...(address === undefined ? {} : { address }),
  }
}

export function checkBackends(value: unknown): BackendRecord[] {
  return list(value, 'backends', 10_000).map((backend, index) => {
    if (typeof backend.instance !== 'string') throw invalid(`backends[${index}].instance`, 'must be a text')
    if (typeof backend.address !== 'string' || isIP(backend.address) === 0)
      throw invalid(`backends[${index}].address`, 'must be an IP address')
    return { instance: backend.instance, address: backend.address }
  })
}

function healthCheck(value: unknown): HealthCheckRecord {
  if (typeof value !== 'object' || value === null) throw invalid('healthCheck', 'must be an object')
  const check = value as Body
  if (check.type === 'tcp') return { type: 'tcp' }
  if (check.type !== 'http') throw invalid('healthCheck.type', 'must be tcp or http')
  const path = required(check, 'path')
  if (!path.startsWith('/')) throw invalid('healthCheck.path', 'must start with /')
  return { type: 'http', port: port(check.port, 'healthCheck.port'), path }
}

function required(body: Body, name: string): string {
  const value = textField(body, name)
  if (value === undefined || value === '') throw invalid(name, 'is required')
  return value
}

function list(value: unknown, name: string, most: number): Body[] {
  if (!Array.isArray(value) || value.length > most || !value.every((item) => typeof item === 'object' && item !== null))
    throw invalid(name, `must be a list of at most ${most} objects`)
  return value as Body[]
}

function port(value: unknown, name: string): number {
  if (typeof value !== 'number' || !Number.isInteger(value) || value < 1 || value > 65_535) throw invalid(name, 'must be a port')
  return value
}

function isCIDR(value: unknown): boolean {
  if (typeof value !== 'string') return false
  const [address = '', bits = ''] = value.split('/')
  const family = isIP(address)
  return family !== 0 && /^\d{1,3}$/.test(bits) && Number(bits) <= (family === 4 ? 32 : 128)
}

function invalid(field: string, rule: string): ApiError {
  return new ApiError(400, 'InvalidField', `${field} ${rule}`)
}
