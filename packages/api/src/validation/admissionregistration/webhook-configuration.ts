import { FieldPath, validateDns1035Label, validateDnsSubdomain, validateLabelSelector } from '@treeline/machinery'
import type { TypeOf } from '../../declaration/type-of.js'
import type { Validation } from '../../declaration/validations.js'
import { type Findings, findingsOf, forEachItem } from '../findings.js'
import { sameValue } from '../immutable.js'
import { checkWebhookClient } from '../webhook-client.js'
import { checkMatchConditions } from './match-conditions.js'
import { checkRule } from './rules.js'

type ValidatingWebhook = TypeOf<'admissionregistration.v1.ValidatingWebhook'>
type Webhook = ValidatingWebhook & Pick<TypeOf<'admissionregistration.v1.MutatingWebhook'>, 'reinvocationPolicy'>
type Configuration = { webhooks?: Webhook[] }

const path = FieldPath.root('webhooks')

/** What stored webhooks already have wrong, and so may keep. */
interface WebhookRules {
  readonly knownConditions: boolean
  readonly anySideEffects: boolean
  readonly anyReviewVersion: boolean
  readonly sharedNames: boolean
  readonly anySelectorValue: boolean
}

const strict: WebhookRules = {
  knownConditions: false,
  anySideEffects: false,
  anyReviewVersion: false,
  sharedNames: false,
  anySelectorValue: false,
}

export const webhookConfigurationValidation: Validation<Configuration> = {
  validate: ({ webhooks }) => findingsOf((found) => checkWebhooks(found, webhooks ?? [], strict)),
  validateUpdate: ({ webhooks = [] }, old) => findingsOf((found) => checkWebhooks(found, webhooks, rulesFor(webhooks, old.webhooks ?? []))),
}

const reviewVersions = ['v1', 'v1beta1']
const sideEffects = ['None', 'NoneOnDryRun']
const anySideEffects = ['None', 'NoneOnDryRun', 'Some', 'Unknown']

function rulesFor(now: readonly Webhook[], old: readonly Webhook[]): WebhookRules {
  const names = old.map(({ name }) => name)
  return {
    knownConditions: now.length === old.length && old.every((hook, i) => sameValue(hook.matchConditions, now[i]?.matchConditions)),
    anySideEffects: old.some((hook) => !sideEffects.includes(hook.sideEffects ?? '')),
    anyReviewVersion: old.some(
      ({ admissionReviewVersions: versions = [] }) => versions.length > 0 && !versions.some((version) => reviewVersions.includes(version)),
    ),
    sharedNames: new Set(names).size < names.length,
    anySelectorValue: old.some((hook) =>
      [hook.namespaceSelector, hook.objectSelector].some((selector) => validateLabelSelector(selector, path).length > 0),
    ),
  }
}

function checkWebhooks(found: Findings, webhooks: readonly Webhook[], rules: WebhookRules): void {
  const names = new Set<string>()
  forEachItem(webhooks, path, (hook, at) => {
    checkWebhook(found, hook, at, rules)
    checkReviewVersions(found, hook.admissionReviewVersions ?? [], at.child('admissionReviewVersions'), rules.anyReviewVersion)
    if (rules.sharedNames || !hook.name) return
    if (names.has(hook.name)) found.duplicate(at.child('name'), hook.name)
    names.add(hook.name)
  })
}

const failurePolicies = ['Fail', 'Ignore']
const matchPolicies = ['Equivalent', 'Exact']
const reinvocationPolicies = ['IfNeeded', 'Never']
const longestTimeout = 30

function checkWebhook(found: Findings, hook: Webhook, at: FieldPath, rules: WebhookRules): void {
  checkName(found, hook.name, at.child('name'))
  forEachItem(hook.rules, at.child('rules'), (rule, here) => checkRule(found, rule, here))
  checkGiven(found, hook.failurePolicy, failurePolicies, at.child('failurePolicy'))
  checkGiven(found, hook.matchPolicy, matchPolicies, at.child('matchPolicy'))
  const effects = rules.anySideEffects ? anySideEffects : sideEffects
  // A required pointer that is absent is encoded as null.
  const given = hook.sideEffects ?? undefined
  if (given === undefined) found.required(at.child('sideEffects'), `must specify one of ${effects.join(', ')}`)
  checkGiven(found, given, effects, at.child('sideEffects'))
  const timeout = hook.timeoutSeconds
  if (timeout !== undefined && (timeout < 1 || timeout > longestTimeout)) {
    found.invalid(at.child('timeoutSeconds'), timeout, 'the timeout value must be between 1 and 30 seconds')
  }
  const options = { allowInvalidValues: rules.anySelectorValue }
  found.add(...validateLabelSelector(hook.namespaceSelector, at.child('namespaceSelector'), options))
  found.add(...validateLabelSelector(hook.objectSelector, at.child('objectSelector'), options))
  checkGiven(found, hook.reinvocationPolicy, reinvocationPolicies, at.child('reinvocationPolicy'))
  checkWebhookClient(found, hook.clientConfig ?? {}, at.child('clientConfig'))
  if (!rules.knownConditions) checkMatchConditions(found, hook.matchConditions, at.child('matchConditions'))
}

function checkGiven(found: Findings, value: string | undefined, supported: readonly string[], at: FieldPath): void {
  if (value !== undefined && !supported.includes(value)) found.notSupported(at, value, supported)
}

function checkName(found: Findings, name: string | undefined, at: FieldPath): void {
  if (!name) {
    found.required(at)
    return
  }
  const problems = validateDnsSubdomain(name)
  if (problems.length > 0) found.invalid(at, name, problems.join(','))
  else if (name.split('.').length < 3) found.invalid(at, name, 'should be a domain with at least three segments separated by dots')
}

function checkReviewVersions(found: Findings, versions: readonly string[], at: FieldPath, any: boolean): void {
  if (versions.length === 0) {
    found.required(at, `must specify one of ${reviewVersions.join(', ')}`)
    return
  }
  const seen = new Set<string>()
  forEachItem(versions, at, (version, here) => {
    if (seen.has(version)) found.invalid(here, version, 'duplicate version')
    else found.each(here, version, validateDns1035Label(version))
    seen.add(version)
  })
  if (!any && !versions.some((version) => reviewVersions.includes(version))) {
    found.invalid(at, versions, `must include at least one of ${reviewVersions.join(', ')}`)
  }
}
