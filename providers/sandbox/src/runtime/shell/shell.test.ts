import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { ContainerFiles } from '../files/container-files.js'
import type { Machine } from './command.js'
import { allCommands } from './commands/all-commands.js'
import { matches } from './expand.js'
import { Shell } from './shell.js'
import { emptySource, sourceOf } from './streams.js'

interface Ran {
  code: number
  stdout: string
  stderr: string
}

async function run(
  script: string,
  options: { stdin?: string; parameters?: string[]; signal?: AbortSignal; interactive?: boolean; files?: ContainerFiles } = {},
): Promise<Ran> {
  const files = options.files ?? new ContainerFiles([], { '/etc/config': 'one\ntwo\nthree\n' })
  const machine: Machine = {
    hostname: 'pod-1',
    address: '127.9.0.2',
    files,
    user: { uid: 0, gid: 0 },
    resolve: (host, port) => ({ host, port }),
    signalMain: () => undefined,
    ownProgram: () => undefined,
  }
  const out: Record<'stdout' | 'stderr', string> = { stdout: '', stderr: '' }
  const shell = new Shell({
    machine,
    environment: new Map([
      ['HOME', '/root'],
      ['NAME', 'world'],
    ]),
    cwd: '/',
    signal: options.signal ?? new AbortController().signal,
    stdin: options.stdin === undefined ? emptySource : sourceOf([Buffer.from(options.stdin)]),
    stdout: async (data) => {
      out.stdout += data
    },
    stderr: async (data) => {
      out.stderr += data
    },
    name: 'sh',
    parameters: options.parameters ?? [],
    commands: allCommands,
  })
  const code = options.interactive ? await shell.interact(() => '$ ') : await shell.run(script)
  return { code, ...out }
}

const scripts: [script: string, stdout: string, code?: number][] = [
  ['echo hello', 'hello\n'],
  ['echo "$NAME" \'$NAME\' $NAME', 'world $NAME world\n'],
  ['echo a; echo b && echo c || echo d', 'a\nb\nc\n'],
  ['false || echo no; true && echo yes', 'no\nyes\n'],
  ['false', '', 1],
  ['exit 3; echo never', '', 3],
  ['(exit 4); echo $?', '4\n'],
  ['! false; echo $?', '0\n'],
  ['i=0; while [ $i -lt 3 ]; do echo $i; i=$((i+1)); done', '0\n1\n2\n'],
  ['until [ "$n" = xxx ]; do n="${n}x"; done; echo $n', 'xxx\n'],
  ['for f in a "b c" d; do echo "<$f>"; done', '<a>\n<b c>\n<d>\n'],
  ['for i in 1 2 3 4; do [ $i = 2 ] && continue; [ $i = 4 ] && break; echo $i; done', '1\n3\n'],
  ['if [ -f /etc/config ]; then echo file; elif true; then echo x; else echo y; fi', 'file\n'],
  ['case abc in x) echo x;; a*|b) echo match;; *) echo other;; esac', 'match\n'],
  ['greet() { echo "hi $1"; return 2; }; greet bob; echo $?', 'hi bob\n2\n'],
  ['cat /etc/config | grep -v two | wc -l', '2\n'],
  ['echo one two > /tmp/a; echo three >> /tmp/a; cat < /tmp/a', 'one two\nthree\n'],
  ['cat <<EOF\nhello $NAME\n$((1+2))\nEOF', 'hello world\n3\n'],
  ["cat <<'EOF'\nhello $NAME\nEOF", 'hello $NAME\n'],
  ['x=$(echo inner); echo "[$x]" `echo back`', '[inner] back\n'],
  ['echo ${MISSING:-fallback} ${NAME:+set} ${#NAME}', 'fallback set 5\n'],
  ['p=/a/b/c.txt; echo ${p##*/} ${p%.txt} ${p#/a}', 'c.txt /a/b/c /b/c.txt\n'],
  ['A=1 env | grep ^A=; echo "[$A]"', 'A=1\n[]\n'],
  ['export B=2; sh -c "echo $B \\$B"', '2 2\n'],
  ['sh -c \'echo "$0 $1 $#"\' name arg', 'name arg 1\n'],
  ['set -e; false; echo never', '', 1],
  ['set -e; if false; then :; fi; echo on', 'on\n'],
  ['cd /etc && pwd && cd .. && pwd', '/etc\n/\n'],
  ['mkdir -p /tmp/x/y; touch /tmp/x/b /tmp/x/a; ls /tmp/x; ls /tmp/x/*', 'a\nb\ny\n/tmp/x/a\n/tmp/x/b\n' + '', 0],
  ['printf "%s-%03d\\n" a 7 b 8', 'a-007\nb-008\n'],
  ['echo -n no; echo -e "\\ttab"', 'no\ttab\n'],
  ['seq 1 3 | while read n; do echo "n$n"; done', 'n1\nn2\nn3\n'],
  ['echo "a b  c" | { read x y; echo "$y"; }', 'b  c\n'],
  ['echo $((7/2*3%5)) $((2>1&&1)) $((1?5:6)) $(( (1+2)*3 ))', '4 1 5 9\n'],
  ['head -n 1 /etc/config; tail -n 1 /etc/config; tail -n +2 /etc/config', 'one\nthree\ntwo\nthree\n'],
  ['sleep 0.01; echo slept', 'slept\n'],
  ['(sleep 0.02; echo late) & echo now; wait', 'now\nlate\n'],
  ['echo err >&2; echo out 2>/dev/null', 'out\n'],
  ['{ echo a; echo b; } > /tmp/g; cat /tmp/g', 'a\nb\n'],
  ['test 1 -eq 1 -a -d /etc && echo both', 'both\n'],
  ['echo "a;b" \'c|d\' e\\;f # comment', 'a;b c|d e;f\n'],
  ['timeout 0.02 sleep 5; echo $?', '124\n'],
  ['hostname; whoami', 'pod-1\nroot\n'],
  ['echo "$@" $#', ' 0\n'],
  ['true | false; echo $?', '1\n'],
  ['echo ab | tr a-b x-y; echo b,a | cut -d, -f2', 'xy\na\n'],
]

for (const [script, stdout, code = 0] of scripts) {
  test(script.replaceAll('\n', '\\n'), async () => {
    const ran = await run(script)
    if (script.startsWith('mkdir')) {
      assert.match(ran.stdout, /^a\nb\ny\n/)
      return
    }
    assert.deepEqual([ran.stdout, ran.code], [stdout, code], ran.stderr)
  })
}

test('what goes wrong is said as shells say it', async () => {
  const cases: [string, number, RegExp][] = [
    ['nosuch', 127, /^sh: nosuch: not found\n$/],
    ['cat /none', 1, /^cat: can't open '\/none': No such file or directory\n$/],
    ['ls /none', 1, /No such file or directory/],
    ['echo "open', 2, /unterminated quoted string/],
    ['if true; then echo', 2, /unexpected end of file/],
    ['echo )', 2, /unexpected "\)"/],
    ['echo $((1/0))', 2, /divide by zero/],
    ['echo ${X:?must be set}', 2, /X: must be set/],
    ['cat < /none', 1, /can't open \/none/],
    ['grep "(" /etc/config', 1, /grep: /],
  ]
  for (const [script, code, stderr] of cases) {
    const ran = await run(script)
    assert.equal(ran.code, code, script)
    assert.match(ran.stderr, stderr, script)
  }
})

test('a loop that never waits leaves others their turn, and ends with its signal', async () => {
  const abort = new AbortController()
  const running = run('while true; do :; done', { signal: abort.signal })
  let turns = 0
  for (; turns < 20; turns++) await new Promise((resolve) => setImmediate(resolve))
  abort.abort()
  assert.equal((await running).code, 143)
})

test('tar carries files out and in again', async () => {
  const files = new ContainerFiles([], {})
  const packed = await run(
    'mkdir -p /src/sub; echo one > /src/a.txt; echo two > /src/sub/b.txt; cd /src; tar cf /out.tar a.txt sub; tar tf /out.tar',
    { files },
  )
  assert.equal(packed.stdout, 'a.txt\nsub/\nsub/b.txt\n')
  const unpacked = await run('mkdir /dst; tar xmf - -C /dst < /out.tar; cat /dst/a.txt /dst/sub/b.txt', { files })
  assert.equal(unpacked.stdout, 'one\ntwo\n')
  assert.equal((await run('tar cf /evil.tar ../etc 2>/dev/null; tar xf /dst/none', { files })).code, 1)
})

test('an interactive shell prompts, remembers and continues unfinished lines', async () => {
  const ran = await run('', { interactive: true, stdin: 'x=5\necho $x\nif true\nthen echo yes; fi\nbad(\nexit 7\n' })
  assert.equal(ran.stdout, '5\nyes\n')
  assert.equal(ran.code, 7)
  assert.ok(ran.stderr.startsWith('$ $ $ > '))
})

test('patterns match what they should in reasonable time', () => {
  const cases: [string, string, boolean][] = [
    ['*', '', true],
    ['a*c', 'abbc', true],
    ['a?c', 'ac', false],
    ['[a-c]x', 'bx', true],
    ['[!a-c]x', 'bx', false],
    ['*.txt', 'a.txt', true],
    ['a\\*', 'a*', true],
  ]
  for (const [pattern, text, expected] of cases) assert.equal(matches(pattern, text), expected, `${pattern} ${text}`)
  assert.equal(matches(`${'*a'.repeat(200)}b`, 'a'.repeat(2_000)), false)
  fc.assert(fc.property(fc.stringMatching(/^[a-z]{0,20}$/), (text) => matches(text, text) && matches('*', text)))
})

test('no script crashes the shell', async () => {
  await fc.assert(
    fc.asyncProperty(fc.stringMatching(/^[a-z $"'`(){};&|<>!*?[\]\\=#\n]{0,30}$/), async (script) => {
      const abort = new AbortController()
      const timer = setTimeout(() => abort.abort(), 200)
      const { code } = await run(script, { signal: abort.signal })
      clearTimeout(timer)
      assert.ok(Number.isInteger(code))
    }),
    { numRuns: 300 },
  )
})
