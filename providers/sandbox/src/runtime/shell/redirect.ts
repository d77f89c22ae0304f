import { FileError, normalPath } from '../files/file-tree.js'
import type { Redirect } from './ast.js'
import type { CommandStreams } from './builtins.js'
import { type Expander, expandOne } from './expand.js'
import { emptySource, type Sink, sourceOf } from './streams.js'

/** The streams of a command after its redirections. Throws a FileError when a file cannot be opened. */
export async function redirected(redirects: readonly Redirect[], outer: CommandStreams, expander: Expander): Promise<CommandStreams> {
  let streams = outer
  for (const { descriptor, mode, target } of redirects) {
    const word = await expandOne(target, expander)
    streams = { ...streams, ...(await redirect(descriptor, mode, word, streams, expander)) }
  }
  return streams
}

async function redirect(
  descriptor: Redirect['descriptor'],
  mode: Redirect['mode'],
  word: string,
  streams: CommandStreams,
  { files, cwd }: Expander,
): Promise<Partial<CommandStreams>> {
  const onto = (sink: Sink): Partial<CommandStreams> => (descriptor === 2 ? { stderr: sink } : { stdout: sink })
  const path = normalPath(cwd, word)
  switch (mode) {
    case 'here':
      return { stdin: sourceOf([Buffer.from(word)]) }
    case 'read':
      return { stdin: sourceOf([await opened(word, files.read(path))]) }
    case 'duplicate':
      if (word === '1') return onto(streams.stdout)
      if (word === '2') return onto(streams.stderr)
      return word === '-' ? { stdin: emptySource } : {}
    default:
      if (/^\/(dev\/(stdout|fd\/1)|proc\/(1|self)\/fd\/1)$/.test(path)) return onto(streams.stdout)
      if (/^\/(dev\/(stderr|fd\/2)|proc\/(1|self)\/fd\/2)$/.test(path)) return onto(streams.stderr)
      if (mode === 'write') await opened(word, files.write(path, Buffer.alloc(0)))
      return onto((data) => files.write(path, Buffer.from(data), { append: true }))
  }
}

async function opened<T>(word: string, operation: Promise<T>): Promise<T> {
  try {
    return await operation
  } catch (error) {
    if (error instanceof FileError) throw new FileError(`can't open ${word}: ${error.message}`, { cause: error })
    throw error
  }
}
