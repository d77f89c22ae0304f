import { FieldPath } from '@treeline/machinery'
import type { TypeOf } from '../../declaration/type-of.js'
import type { Validation } from '../../declaration/validations.js'
import { type Findings, findingsOf, forEachItem } from '../findings.js'
import { sameValue } from '../immutable.js'

type Level = TypeOf<'flowcontrol.v1.PriorityLevelConfiguration'>
type LevelSpec = TypeOf<'flowcontrol.v1.PriorityLevelConfigurationSpec'>

const path = FieldPath.root('spec')
const status = FieldPath.root('status', 'conditions')

const check = (level: Level) => findingsOf((found) => checkLevel(found, level))

export const priorityLevelValidation: Validation<Level> = {
  validate: check,
  validateUpdate: check,
  validateStatusUpdate: (level) => findingsOf((found) => checkTypedConditions(found, level.status?.conditions)),
}

/** Conditions of flow control: each type once. */
export function checkTypedConditions(found: Findings, conditions: readonly { type?: string }[] | undefined): void {
  const types = new Set<string>()
  forEachItem(conditions, status, ({ type = '' }, at) => {
    if (types.has(type)) found.duplicate(at.child('type'), type)
    types.add(type)
    if (type === '') found.required(at.child('type'))
  })
}

const zeroSharesAnnotation = 'flowcontrol.k8s.io/preserve-zero-concurrency-shares'
const levelTypes = ['Exempt', 'Limited']

function checkLevel(found: Findings, { metadata, spec = {} as LevelSpec, status: current }: Level): void {
  if (metadata.annotations?.[zeroSharesAnnotation] !== undefined) {
    found.forbidden('metadata.annotations', `annotation '${zeroSharesAnnotation}' is forbidden`)
  }
  const { name = '' } = metadata
  const { type, exempt, limited } = spec
  if ((name === 'exempt') !== (type === 'Exempt')) {
    found.invalid(path.child('type'), type ?? '', "must be 'Exempt' if and only if `name` is 'exempt'")
  }
  if (!levelTypes.includes(type ?? '')) found.notSupported(path.child('type'), type ?? '', levelTypes)
  if (type === 'Exempt') {
    if (limited) found.forbidden(path.child('limited'), 'must be nil if the type is not Limited')
    if (exempt) checkShares(found, exempt, path.child('exempt'))
  }
  if (type === 'Limited') {
    if (exempt) found.forbidden(path.child('exempt'), 'must be nil if the type is Limited')
    if (!limited) found.required(path.child('limited'), 'must not be empty when type is Limited')
    else checkLimited(found, limited, path.child('limited'))
  }
  checkMandatory(found, name, spec)
  checkTypedConditions(found, current?.conditions)
}

interface Shares {
  readonly nominalConcurrencyShares?: number
  readonly lendablePercent?: number
}

function checkShares(found: Findings, { nominalConcurrencyShares: shares, lendablePercent }: Shares, at: FieldPath): void {
  if (shares !== undefined && shares < 0) found.invalid(at.child('nominalConcurrencyShares'), shares, 'must be a non-negative integer')
  checkLendable(found, lendablePercent, at)
}

function checkLendable(found: Findings, percent: number | undefined, at: FieldPath): void {
  if (percent !== undefined && (percent < 0 || percent > 100)) {
    found.invalid(at.child('lendablePercent'), percent, 'must be between 0 and 100, inclusive')
  }
}

const responses = ['Queue', 'Reject']

function checkLimited(found: Findings, limited: NonNullable<LevelSpec['limited']>, at: FieldPath): void {
  const { nominalConcurrencyShares, limitResponse, lendablePercent, borrowingLimitPercent: borrowing } = limited
  checkShares(found, nominalConcurrencyShares === undefined ? {} : { nominalConcurrencyShares }, at)
  const { type, queuing } = limitResponse ?? {}
  const here = at.child('limitResponse')
  if (!responses.includes(type ?? '')) found.notSupported(here.child('type'), type ?? '', responses)
  if (type === 'Reject' && queuing) {
    found.forbidden(here.child('queuing'), 'must be nil if limited.limitResponse.type is not Limited')
  }
  if (type === 'Queue') {
    if (!queuing) found.required(here.child('queuing'), 'must not be empty if limited.limitResponse.type is Limited')
    else checkQueuing(found, queuing, here.child('queuing'))
  }
  checkLendable(found, lendablePercent, at)
  if (borrowing !== undefined && borrowing < 0) {
    found.invalid(at.child('borrowingLimitPercent'), borrowing, 'if specified, must be a non-negative integer')
  }
}

const maxQueues = 10_000_000
const hashBits = 60

function checkQueuing(found: Findings, queuing: TypeOf<'flowcontrol.v1.QueuingConfiguration'>, at: FieldPath): void {
  const { queueLengthLimit = 0, queues = 0, handSize = 0 } = queuing
  if (queueLengthLimit <= 0) found.invalid(at.child('queueLengthLimit'), queueLengthLimit, 'must be positive')
  if (queues <= 0) found.invalid(at.child('queues'), queues, 'must be positive')
  else if (queues > maxQueues) found.invalid(at.child('queues'), queues, `must not be greater than ${maxQueues}`)
  const hand = at.child('handSize')
  if (handSize <= 0) found.invalid(hand, handSize, 'must be positive')
  else if (handSize > queues) found.invalid(hand, handSize, `should not be greater than queues (${queues})`)
  else if (Math.ceil(Math.log2(queues) * handSize) > hashBits) {
    const detail = `required entropy bits of deckSize ${queues} and handSize ${handSize} should not be greater than ${hashBits}`
    found.invalid(hand, handSize, detail)
  }
}

const exemptSpec: LevelSpec = { type: 'Exempt' }
const catchAllSpec: LevelSpec = {
  type: 'Limited',
  limited: { nominalConcurrencyShares: 5, lendablePercent: 0, limitResponse: { type: 'Reject' } },
}

/** Two levels are as they are, so that requests always have somewhere to go. */
function checkMandatory(found: Findings, name: string, spec: LevelSpec): void {
  const { exempt: _, ...withoutExempt } = spec
  if (name === 'exempt' && !sameValue(withoutExempt, exemptSpec)) {
    found.invalid(path, printedLevel(spec), "spec of 'exempt' except the 'spec.exempt' field must equal the fixed value")
  }
  if (name === 'catch-all' && !sameValue(spec, catchAllSpec)) {
    found.invalid(path, printedLevel(spec), "spec of 'catch-all' must equal the fixed value")
  }
}

function printedLevel({ type, limited, exempt }: LevelSpec): object {
  const queuing = limited?.limitResponse?.queuing
  return {
    Type: type ?? '',
    Limited: limited
      ? {
          NominalConcurrencyShares: limited.nominalConcurrencyShares ?? 0,
          LimitResponse: {
            Type: limited.limitResponse?.type ?? '',
            Queuing: queuing
              ? { Queues: queuing.queues ?? 0, HandSize: queuing.handSize ?? 0, QueueLengthLimit: queuing.queueLengthLimit ?? 0 }
              : null,
          },
          LendablePercent: limited.lendablePercent ?? null,
          BorrowingLimitPercent: limited.borrowingLimitPercent ?? null,
        }
      : null,
    Exempt: exempt
      ? { NominalConcurrencyShares: exempt.nominalConcurrencyShares ?? null, LendablePercent: exempt.lendablePercent ?? null }
      : null,
  }
}
