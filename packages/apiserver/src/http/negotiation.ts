import { errors } from '@treeline/machinery'
import type { Exchange } from './exchange.js'

/** The form an answer takes, chosen from the Accept header. */
export interface AnswerForm {
  readonly format: Format
  /** Conversion asked for with `as=`. */
  readonly as?: 'Table' | 'PartialObjectMetadata' | 'PartialObjectMetadataList'
  /** Version of meta.k8s.io to convert to. */
  readonly asVersion?: string
  /** Two-space indent. */
  readonly pretty: boolean
}

export type Format = 'json' | 'yaml'

/** What an endpoint can answer with. */
export interface Offer {
  readonly formats: readonly Format[]
  readonly conversions: boolean
  /** The route also serves watches. */
  readonly streams?: boolean
}

export const objectOffer: Offer = { formats: ['json', 'yaml'], conversions: true }
export const listOffer: Offer = { ...objectOffer, streams: true }
export const plainOffer: Offer = { formats: ['json', 'yaml'], conversions: false }
export const watchOffer: Offer = { formats: ['json'], conversions: true, streams: true }

/** Chooses by the client's order of preference. Throws StatusError 406 when nothing fits. */
export function negotiate(exchange: Exchange, offer: Offer): AnswerForm {
  const accept = exchange.header('accept')
  const form = chooseForm(accept, offer)
  if (!form) throw notAcceptable(accept ?? '', offer)
  return wantsPretty(exchange, form) ? prettyForm(form) : form
}

/** As `negotiate`, but JSON when nothing fits: for errors, which must be told somehow. */
export function negotiateLeniently(exchange: Exchange): AnswerForm {
  const form = chooseForm(exchange.header('accept'), plainOffer) ?? jsonForm
  return wantsPretty(exchange, form) ? prettyForm(form) : form
}

export interface AcceptClause {
  readonly type: string
  readonly parameters: ReadonlyMap<string, string>
  readonly quality: number
}

const clausesOfHeader = new Map<string, readonly AcceptClause[]>()
const clauseCacheSize = 500

/** The clauses of an Accept header, best quality first, else in the order written. */
export function acceptClauses(header: string): readonly AcceptClause[] {
  const known = clausesOfHeader.get(header)
  if (known) return known
  const clauses = header.split(',').map(parseClause)
  clauses.sort((a, b) => b.quality - a.quality)
  if (clausesOfHeader.size >= clauseCacheSize) clausesOfHeader.clear()
  clausesOfHeader.set(header, clauses)
  return clauses
}

const formOfMediaType: Readonly<Record<string, Format>> = {
  'application/json': 'json',
  'application/yaml': 'yaml',
}

const mediaTypeOfForm: Readonly<Record<Format, string>> = { json: 'application/json', yaml: 'application/yaml' }

const jsonForm: AnswerForm = { format: 'json', pretty: false }
const prettyJsonForm: AnswerForm = { format: 'json', pretty: true }

function chooseForm(accept: string | undefined, offer: Offer): AnswerForm | undefined {
  if (!accept || accept === 'application/json' || accept === '*/*') return jsonForm
  for (const clause of acceptClauses(accept)) {
    const formats = clause.type === '*/*' ? offer.formats : offer.formats.filter((format) => mediaTypeOfForm[format] === clause.type)
    for (const format of formats) {
      const form = formOfClause(format, clause, offer)
      if (form) return form
    }
  }
  return undefined
}

const conversionVersions = new Set(['v1', 'v1beta1'])

function formOfClause(format: Format, clause: AcceptClause, offer: Offer): AnswerForm | undefined {
  const pretty = clause.parameters.get('pretty') === '1'
  const as = clause.parameters.get('as')
  if (as === undefined) return pretty ? { format, pretty } : format === 'json' ? jsonForm : { format, pretty: false }
  const version = clause.parameters.get('v') ?? ''
  if (!offer.conversions || clause.parameters.get('g') !== 'meta.k8s.io' || !conversionVersions.has(version)) return undefined
  if (as !== 'Table' && as !== 'PartialObjectMetadata' && as !== 'PartialObjectMetadataList') return undefined
  return { format, as, asVersion: version, pretty }
}

function parseClause(text: string): AcceptClause {
  const [type = '', ...rest] = text.split(';').map((part) => part.trim())
  const parameters = new Map<string, string>()
  let quality = 1
  for (const part of rest) {
    const [name = '', value = ''] = part.split('=', 2)
    if (name === 'q') quality = Number.isFinite(Number(value)) ? Number(value) : 1
    else parameters.set(name, value)
  }
  return { type, parameters, quality }
}

const streamTypes = ['application/json;stream=watch', 'application/vnd.kubernetes.protobuf;stream=watch']

/** Types that no route has are refused in other words than conversions that this one has not. */
function notAcceptable(accept: string, offer: Offer): Error {
  const produced = [...mediaTypesOf(objectOffer), ...(offer.streams ? streamTypes : [])]
  if (acceptClauses(accept).some(({ type }) => type === '*/*' || produced.includes(type))) {
    return errors.notAcceptable(offer === watchOffer ? streamTypes : mediaTypesOf(offer))
  }
  return errors.genericResponse(406, { serverMessage: `406: Not Acceptable\n\nAvailable representations: ${produced.join(', ')}` })
}

function mediaTypesOf(offer: Offer): string[] {
  return [
    ...offer.formats.map((format) => mediaTypeOfForm[format]),
    ...(offer.formats.includes('yaml') ? ['application/vnd.kubernetes.protobuf'] : []),
  ]
}

/** What a custom resource may be sent as. */
export const customBodyTypes: string[] = Object.values(mediaTypeOfForm)

/** A body may also come as protobuf, which only built-in kinds have. */
export type BodyFormat = Format | 'protobuf'

const protobufType = 'application/vnd.kubernetes.protobuf'

/** Format of a request body by its Content-Type; JSON when there is none. Throws StatusError 415. */
export function bodyFormat(exchange: Exchange): BodyFormat {
  const header = exchange.header('content-type')
  if (header === undefined || header === '' || header === 'application/json') return 'json'
  if (mediaType(header) === protobufType) return 'protobuf'
  const format = formOfMediaType[mediaType(header)]
  if (!format) throw errors.unsupportedMediaType(mediaTypesOf(plainOffer))
  return format
}

/** A media type without its parameters. */
export function mediaType(header: string): string {
  const end = header.indexOf(';')
  return (end < 0 ? header : header.slice(0, end)).trim().toLowerCase()
}

/** People read the answers of these. */
const readers = ['curl', 'Wget', 'Mozilla/5.0']

function wantsPretty(exchange: Exchange, form: AnswerForm): boolean {
  if (form.pretty) return true
  if (exchange.info?.query.includes('pretty')) {
    const value = exchange.query.get('pretty')
    if (value) return truths.has(value)
  }
  const agent = exchange.request.headers['user-agent']
  return agent !== undefined && readers.some((reader) => agent.startsWith(reader))
}

const truths = new Set(['1', 't', 'T', 'TRUE', 'true', 'True'])

function prettyForm(form: AnswerForm): AnswerForm {
  return form === jsonForm ? prettyJsonForm : form.pretty ? form : { ...form, pretty: true }
}
