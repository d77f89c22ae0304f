/** 32-bit FNV-1a of the UTF-8 bytes, as an unsigned number. Upstream hashes pod templates and endpoints with it. */
export function fnv32a(text: string): number {
  let hash = 0x811c9dc5
  for (const byte of Buffer.from(text, 'utf8')) hash = Math.imul(hash ^ byte, 0x01000193)
  return hash >>> 0
}
