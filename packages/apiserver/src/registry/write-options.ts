import { errors, type FieldError, FieldPath, fieldErrors } from '@treeline/machinery'
import type { Exchange } from '../http/exchange.js'
import type { FieldValidation } from './decode-object.js'
import { invalidOptions, validateDryRun } from './delete-options.js'
import { validateFieldManager } from './object-meta-validation.js'

/** What the query of a create, update or patch asks for. */
export interface WriteOptions {
  readonly dryRun: boolean
  /** As given; empty when it was not. */
  readonly fieldManager: string
  readonly fieldValidation: FieldValidation
  readonly force?: boolean
  /** The options object, for admission. */
  readonly object: object
}

export type WriteOptionsKind = 'CreateOptions' | 'UpdateOptions' | 'PatchOptions'

const fieldValidations = ['', 'Ignore', 'Warn', 'Strict']
const defaultOptions = new Map<WriteOptionsKind, WriteOptions>()

/** Reads and checks them. Throws StatusError 400 and 422. */
export function readWriteOptions(exchange: Exchange, kind: WriteOptionsKind, applies?: boolean): WriteOptions {
  if (exchange.info.query === '' && !applies) return defaultsOf(kind)
  const { query } = exchange
  const dryRun = query.getAll('dryRun')
  const fieldManager = query.get('fieldManager') ?? ''
  const fieldValidation = query.get('fieldValidation') ?? ''
  const force = kind === 'PatchOptions' ? readForce(query.get('force')) : undefined
  const found: FieldError[] = []
  if (kind === 'PatchOptions') found.push(...validatePatch(applies === true, force, fieldManager))
  found.push(...validateFieldManager(fieldManager, FieldPath.root('fieldManager')))
  found.push(...validateDryRun(dryRun))
  if (!fieldValidations.includes(fieldValidation)) {
    found.push(fieldErrors.notSupported(FieldPath.root('fieldValidation'), fieldValidation, ['', 'Ignore', 'Strict', 'Warn']))
  }
  if (found.length > 0) throw invalidOptions(kind, found)
  return {
    dryRun: dryRun.length > 0,
    fieldManager,
    fieldValidation: fieldValidation === '' ? 'Warn' : (fieldValidation as FieldValidation),
    force,
    object: {
      kind,
      apiVersion: 'meta.k8s.io/v1',
      ...(dryRun.length > 0 && { dryRun }),
      ...(force !== undefined && { force }),
      ...(fieldManager !== '' && { fieldManager }),
      ...(fieldValidation !== '' && { fieldValidation }),
    },
  }
}

function defaultsOf(kind: WriteOptionsKind): WriteOptions {
  let options = defaultOptions.get(kind)
  if (!options) {
    options = { dryRun: false, fieldManager: '', fieldValidation: 'Warn', object: Object.freeze({ kind, apiVersion: 'meta.k8s.io/v1' }) }
    defaultOptions.set(kind, options)
  }
  return options
}

function validatePatch(applies: boolean, force: boolean | undefined, fieldManager: string): FieldError[] {
  if (applies) return fieldManager === '' ? [fieldErrors.required(FieldPath.root('fieldManager'), 'is required for apply patch')] : []
  return force === undefined ? [] : [fieldErrors.forbidden(FieldPath.root('force'), 'may not be specified for non-apply patch')]
}

function readForce(text: string | null): boolean | undefined {
  if (text === null) return undefined
  if (text === '') return true
  return text !== '0' && text.toLowerCase() !== 'false'
}

const longestManager = 128

/** Who writes, for managedFields: the name given, or what the User-Agent begins with. */
export function fieldManagerOf(exchange: Exchange, given: string): string {
  if (given !== '') return given
  const agent = exchange.request.headers['user-agent'] ?? ''
  const slash = agent.indexOf('/')
  return printablePrefix(slash < 0 ? agent : agent.slice(0, slash))
}

function printablePrefix(text: string): string {
  const printable = text.replace(/[^\x20-\x7e\u00a0-\uffff]/g, '')
  return printable.length > longestManager ? printable.slice(0, longestManager) : printable
}

/** A whole number from a query; undefined when absent. Throws StatusError 400. */
export function readInteger(query: URLSearchParams, name: string): number | undefined {
  const text = query.get(name)
  if (text === null || text === '') return undefined
  if (!/^[-+]?\d+$/.test(text)) {
    throw errors.badRequest(`strconv.ParseInt: parsing ${JSON.stringify(text)}: invalid syntax`)
  }
  const value = BigInt(text.replace(/^\+/, ''))
  if (BigInt.asIntN(64, value) !== value) throw errors.badRequest(`strconv.ParseInt: parsing ${JSON.stringify(text)}: value out of range`)
  return Number(value)
}
