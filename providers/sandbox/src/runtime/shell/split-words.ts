/** Gives each name a word of the line, and the last one what is left. */
export function splitWords(line: string, names: readonly string[], set: (name: string, word: string) => void): void {
  let rest = line.trim()
  for (const [index, name] of names.entries()) {
    const [word = ''] = index === names.length - 1 ? [rest] : (/^\S*/.exec(rest) ?? [])
    set(name, word)
    rest = rest.slice(word.length).trimStart()
  }
}
