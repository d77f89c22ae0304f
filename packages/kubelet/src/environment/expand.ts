/**
 * Replaces `$(NAME)` by what `lookup` knows; what it does not know stays as it is written. `$$` is a literal `$`, so
 * `$$(NAME)` prints `$(NAME)`.
 */
export function expand(text: string, lookup: (name: string) => string | undefined): string {
  let result = ''
  for (let at = 0; at < text.length; at++) {
    const character = text[at]
    const next = text[at + 1]
    if (character !== '$' || next === undefined) {
      result += character
    } else if (next === '$') {
      result += '$'
      at++
    } else if (next === '(') {
      const end = text.indexOf(')', at + 2)
      if (end < 0) {
        result += '$('
        at++
        continue
      }
      const name = text.slice(at + 2, end)
      result += lookup(name) ?? `$(${name})`
      at = end
    } else {
      result += `$${next}`
      at++
    }
  }
  return result
}
