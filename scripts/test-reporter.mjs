// Prints what failed and why, what was skipped and why, and one closing line.
import { relative } from 'node:path'

export default async function* report(source) {
  const counts = { passed: 0, failed: 0, skipped: 0 }
  for await (const { type, data } of source) {
    if (type === 'test:diagnostic' || type === 'test:stdout') continue
    if (type === 'test:stderr') yield data.message
    if (type !== 'test:pass' && type !== 'test:fail') continue
    const suite = data.details?.type === 'suite'
    // Node reports each file as a test of its own; only its failure to load is of interest
    const file = data.nesting === 0 && data.name === data.file
    if (data.skip !== undefined && data.skip !== false) {
      counts.skipped++
      yield `skipped  ${data.name}  (${data.skip === true ? 'no reason given' : data.skip})\n`
    } else if (type === 'test:fail') {
      const error = data.details.error
      if (suite && error?.failureType === 'subtestsFailed') continue
      if (error?.failureType !== 'subtestsFailed') {
        counts.failed++
        yield `FAILED   ${relative('.', data.file ?? '')}: ${data.name}\n${indent(String(error?.cause?.stack ?? error?.cause ?? error?.message))}\n`
      }
    } else if (!suite && !file) counts.passed++
  }
  yield `${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped\n`
}

function indent(text) {
  return text
    .split('\n')
    .slice(0, 40)
    .map((line) => `    ${line}`)
    .join('\n')
}
