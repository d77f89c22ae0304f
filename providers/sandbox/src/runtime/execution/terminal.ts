import { type Sink, type Source, sourceOf } from '../shell/streams.js'

const control = { c: 0x03, d: 0x04, backspace: 0x08, newline: 0x0a, return: 0x0d, u: 0x15, escape: 0x1b, delete: 0x7f }

export interface Terminal {
  readonly stdin: Source
  readonly stdout: Sink
}

/**
 * The line discipline between a client's raw terminal and a program: echoes what is typed, gives the program whole lines,
 * and ends every line of output as terminals want it. Ctrl-C calls `interrupt`.
 */
export function terminal(input: AsyncIterable<Buffer>, output: Sink, interrupt: () => void): Terminal {
  return {
    stdin: sourceOf(lines(input, output, interrupt)),
    stdout: (data) => output(data.toString().replace(/\r?\n/g, '\r\n')),
  }
}

async function* lines(input: AsyncIterable<Buffer>, echo: Sink, interrupt: () => void): AsyncGenerator<Buffer> {
  let line = ''
  let escaping = false
  for await (const chunk of input) {
    for (const character of chunk.toString()) {
      const code = character.codePointAt(0) ?? 0
      if (escaping) {
        escaping = !/[A-Za-z~]/.test(character)
        continue
      }
      switch (code) {
        case control.escape:
          escaping = true
          break
        case control.return:
        case control.newline:
          await echo('\r\n')
          yield Buffer.from(`${line}\n`)
          line = ''
          break
        case control.backspace:
        case control.delete:
          if (line !== '') await echo('\b \b')
          line = [...line].slice(0, -1).join('')
          break
        case control.u:
          await echo('\b \b'.repeat(line.length))
          line = ''
          break
        case control.c:
          await echo('^C\r\n')
          line = ''
          interrupt()
          yield Buffer.from('\n')
          break
        case control.d:
          if (line === '') return
          break
        default:
          if (code < 0x20 && character !== '\t') break
          line += character
          await echo(character)
      }
    }
  }
  if (line !== '') yield Buffer.from(line)
}
