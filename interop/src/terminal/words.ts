const word = /(?:[^\s'"]+|'[^']*'|"[^"]*")+/g
const quoted = /'([^']*)'|"([^"]*)"/g

/** The words of a command line; single and double quotes hold a word together, and nothing is expanded. */
export function words(line: string): string[] {
  return (line.match(word) ?? []).map((text) => text.replace(quoted, (_, single?: string, double?: string) => single ?? double ?? ''))
}
