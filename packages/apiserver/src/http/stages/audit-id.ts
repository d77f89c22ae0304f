import { randomUUID } from 'node:crypto'
import type { Exchange } from '../exchange.js'

const longestAuditId = 64

/** Takes the caller's Audit-ID, or makes one; answers and the audit log carry it. */
export function auditId(exchange: Exchange): void {
  const given = exchange.request.headers['audit-id']
  exchange.auditId = typeof given === 'string' && given !== '' ? printable(given).slice(0, longestAuditId) : randomUUID()
}

function printable(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, '')
}
