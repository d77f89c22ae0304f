import { closeSync, openSync, readSync } from 'node:fs'

/**
 * Throws unless the file can be opened for writing and begins as an LMDB data file does; a file that is absent or empty
 * will be made. The native library ends the process instead of reporting such a file.
 */
export function checkDataFile(path: string): void {
  let descriptor: number
  try {
    descriptor = openSync(path, 'r+')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return
    throw error
  }
  try {
    const header = Buffer.alloc(headerSize)
    const length = readSync(descriptor, header, 0, headerSize, 0)
    if (length === 0) return
    const version = header.readUInt16LE(versionOffset)
    if (length < headerSize || header.readUInt32LE(magicOffset) !== magic) throw new Error(`${path} is not a database of this store`)
    if (version !== dataVersion) throw new Error(`${path} has data version ${version} of LMDB, this one reads ${dataVersion}`)
  } finally {
    closeSync(descriptor)
  }
}

const magicOffset = 24
const versionOffset = 28
const headerSize = 32
const magic = 0xbeefc0de
const dataVersion = 2
