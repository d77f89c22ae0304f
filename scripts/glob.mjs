import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'

/** Files below `root` whose relative path matches, sorted. A compiled test whose source is gone does not count. */
export function globSync(root, pattern) {
  const found = []
  const visit = (folder) => {
    for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`
      if (entry.isDirectory()) {
        if (entry.name !== 'node_modules' && !entry.name.startsWith('.')) visit(path)
      } else if (pattern.test(path) && hasSource(root, path)) found.push(path)
    }
  }
  visit('')
  return found.sort()
}

function hasSource(root, path) {
  return !path.includes('/dist/') || existsSync(join(root, path.replace('/dist/', '/src/').replace(/\.js$/, '.ts')))
}
