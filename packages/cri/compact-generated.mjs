import { readdirSync, readFileSync, writeFileSync } from 'node:fs'

// The generator repeats every name in a comment above it; the .proto files are the place to read, so the comments go.
const folder = new URL('./src/generated/runtime/v1/', import.meta.url)
for (const name of readdirSync(folder)) {
  const file = new URL(name, folder)
  const text = readFileSync(file, 'utf8')
  const [head = '', ...rest] = text.split('\n')
  const body = rest
    .join('\n')
    .replace(/^ *\/\*\*\n(?: *\*[^\n]*\n)*? *\*\/\n/gm, '')
    .replace(/^\/\/ @generated from file.*\n/gm, '')
    .replace(/\n{2,}/g, '\n')
  writeFileSync(file, `${head}\n${body}`)
}
