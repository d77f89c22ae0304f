const replacements: readonly (readonly [RegExp, string])[] = [
  [/\beyJ[\w-]{10,}\.[\w-]+\.[\w-]+/g, '<jwt>'],
  [/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, '<uid>'],
  [/\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)/g, '<time>'],
  [/\b(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d \w{3} \d{4} \d\d:\d\d:\d\d \S+/g, '<time>'],
  [/\b\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d+)? \+0000( UTC)?/g, '<time>'],
  [/(Resource Version:\s+)\d+/g, '$1<rv>'],
  [/\b127\.0\.0\.1:\d{4,5}\b/g, '<server>'],
  [/\/tmp\/[\w./-]+/g, '<file>'],
  [/\b10\.96\.\d+\.\d+\b/g, '<clusterIP>'],
  [/\b(\d+):3\d{4}\/(TCP|UDP)/g, '$1:<nodePort>/$2'],
  [/(nodePort:|NodePort:\s+\S+)(\s+)3\d{4}/g, '$1 <nodePort>'],
  // the hash of a pod template is a hash of upstream's memory layout
  [/(pod-template-hash|controller-revision-hash)([:=]\s*"?)[a-z0-9]+/g, '$1$2<hash>'],
  [/-[bcdf0-9]{8,10}\b(?=-|\s|$|"|'|,|\)|\.)/g, '-<hash>'],
  [/-[bcdfghjklmnpqrstvwxz2456789]{5}\b/g, '-<rand>'],
  [/(resourceVersion"?[:=]\s*"?)\d+/g, '$1<rv>'],
  [/(\s|^)\d+[smhd](\d+[smhd])?( \(x\d+ over \d+[smhd]+\d*[smhd]?\))?(?=\s|$)/g, '$1<age>'],
  [/<invalid>/g, '<age>'],
]

/** The lines of an output, without what must differ between two servers: times, names that are drawn, widths of columns. */
export function normaliseOutput(
  text: string,
  { keep, unordered }: { keep?: string | undefined; unordered?: boolean | undefined } = {},
): string[] {
  let result = text
  for (const [pattern, replacement] of replacements) result = result.replace(pattern, replacement)
  const shown = keep === undefined ? undefined : new RegExp(keep)
  const lines = result
    .split('\n')
    .map((line) => line.trimEnd().replace(/(\S)\s{2,}/g, '$1  '))
    .filter((line) => shown === undefined || shown.test(line))
  while (lines.at(-1) === '') lines.pop()
  return unordered ? lines.sort() : lines
}
