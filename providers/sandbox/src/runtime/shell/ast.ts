/** A parsed script: lists of pipelines, joined by what came between them. */
export interface Script {
  readonly items: readonly ScriptItem[]
}

export interface ScriptItem {
  readonly pipeline: Pipeline
  /** How it joins the item before it; the first has `;`. */
  readonly joint: ';' | '&&' | '||'
  /** Runs beside what follows. */
  readonly background: boolean
}

export interface Pipeline {
  readonly negated: boolean
  readonly commands: readonly Command[]
}

export type Command = (
  | { readonly kind: 'simple'; readonly assignments: readonly Assignment[]; readonly words: readonly Word[] }
  | { readonly kind: 'group'; readonly body: Script; readonly subshell: boolean }
  | { readonly kind: 'loop'; readonly until: boolean; readonly condition: Script; readonly body: Script }
  | { readonly kind: 'for'; readonly variable: string; readonly words: readonly Word[] | undefined; readonly body: Script }
  | {
      readonly kind: 'if'
      readonly branches: readonly { readonly condition: Script; readonly body: Script }[]
      readonly otherwise: Script | undefined
    }
  | {
      readonly kind: 'case'
      readonly subject: Word
      readonly arms: readonly { readonly patterns: readonly Word[]; readonly body: Script }[]
    }
  | { readonly kind: 'function'; readonly name: string; readonly body: Command }
) & { readonly redirects: readonly Redirect[] }

export interface Assignment {
  readonly name: string
  readonly value: Word
}

export interface Redirect {
  readonly descriptor: 0 | 1 | 2
  readonly mode: 'read' | 'write' | 'append' | 'duplicate' | 'here'
  readonly target: Word
}

/** Pieces of one word; quoted ones are neither split nor globbed. */
export type Word = readonly WordPart[]

export type WordPart =
  | { readonly kind: 'text'; readonly text: string; readonly quoted: boolean }
  | {
      readonly kind: 'variable'
      readonly name: string
      readonly quoted: boolean
      readonly length: boolean
      readonly operator: string
      readonly operand: Word
    }
  | { readonly kind: 'command'; readonly source: string; readonly quoted: boolean }
  | { readonly kind: 'arithmetic'; readonly expression: Word; readonly quoted: boolean }
