import { open, stat } from 'node:fs/promises'
import { parseLogRecord } from '../logs/log-record.js'
import { tailOffset } from '../logs/tail.js'
import type { RuntimeContainer } from './pod-runtime.js'

const longestMessage = 4_096
const longestFromLog = 2_048
const linesFromLog = 80

/**
 * What a container that ended left as its last words: what it wrote to its termination message file or, if the pod
 * asks for that and it failed without writing any, the end of its log. Empty when there is nothing.
 */
export async function terminationMessage(container: RuntimeContainer): Promise<string> {
  const written = await readStart(container.terminationMessageFile)
  if (written !== '' || container.terminationMessagePolicy !== 'FallbackToLogsOnError' || container.exitCode === 0) return written
  return endOfLog(container.logPath)
}

async function readStart(path: string): Promise<string> {
  if (path === '') return ''
  const file = await open(path).catch(() => undefined)
  if (file === undefined) return ''
  try {
    const bytes = Buffer.alloc(longestMessage)
    const { bytesRead } = await file.read(bytes, 0, longestMessage, 0)
    return wholeCharacters(bytes.subarray(0, bytesRead))
  } finally {
    await file.close()
  }
}

async function endOfLog(path: string): Promise<string> {
  const size = (await stat(path).catch(() => undefined))?.size ?? 0
  if (size === 0) return ''
  const file = await open(path)
  try {
    const from = await tailOffset(file, linesFromLog)
    const bytes = Buffer.alloc(Math.min(size - from, 1 << 20))
    await file.read(bytes, 0, bytes.length, size - bytes.length)
    const texts: string[] = []
    for (const line of bytes.toString('latin1').split('\n')) {
      const record = parseLogRecord(Buffer.from(line, 'latin1'))
      if (record !== undefined) texts.push(record.text.toString() + (record.partial ? '' : '\n'))
    }
    const text = Buffer.from(texts.join(''))
    return wholeCharacters(text.subarray(Math.max(0, text.length - longestFromLog)))
  } finally {
    await file.close()
  }
}

/** Text without the halves of characters that a cut may have left. */
function wholeCharacters(bytes: Buffer): string {
  return bytes.toString('utf8').replace(/^\ufffd+|\ufffd+$/g, '')
}
