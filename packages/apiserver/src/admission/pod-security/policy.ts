import { type FieldError, FieldPath, fieldErrors } from '@treeline/machinery'

export type Level = 'privileged' | 'baseline' | 'restricted'

/** What is asked of pods: a level, as it was in one minor version of Kubernetes 1, or as it is now. */
export interface LevelVersion {
  readonly level: Level
  readonly version: number | 'latest'
}

/** What a namespace asks of its pods, and what is done about those that do otherwise. */
export interface Policy {
  readonly enforce: LevelVersion
  readonly audit: LevelVersion
  readonly warn: LevelVersion
}

const levels: readonly Level[] = ['privileged', 'baseline', 'restricted']

/** How strict a level is. */
export const strictness = (level: Level): number => levels.indexOf(level)

export const levelVersionText = ({ level, version }: LevelVersion): string => `${level}:${version === 'latest' ? version : `v1.${version}`}`

export const sameLevelVersion = (left: LevelVersion, right: LevelVersion): boolean =>
  left.level === right.level && left.version === right.version

const prefix = 'pod-security.kubernetes.io/'
const labelsPath = FieldPath.root('metadata', 'labels')
const anything: LevelVersion = { level: 'privileged', version: 'latest' }
const noPolicy: Policy = { enforce: anything, audit: anything, warn: anything }

/**
 * The policy that a namespace's labels tell of. A label that cannot be read counts as the strictest value where pods
 * are refused for it and as the mildest where they are not.
 */
export function policyOf(labels: Readonly<Record<string, string>> | undefined): { policy: Policy; problems: readonly FieldError[] } {
  if (!labels) return { policy: noPolicy, problems: [] }
  const problems: FieldError[] = []
  const read = <T>(name: string, parse: (text: string) => T | undefined, rule: string, otherwise: T, fallback: T): T => {
    const text = labels[prefix + name]
    if (text === undefined) return fallback
    const value = parse(text)
    if (value === undefined) problems.push(fieldErrors.invalid(labelsPath.key(prefix + name), text, rule))
    return value ?? otherwise
  }
  const mode = (name: string, otherwise: Level): LevelVersion => ({
    level: read(name, parseLevel, levelRule, otherwise, 'privileged'),
    version: read(`${name}-version`, parseVersion, versionRule, 'latest', 'latest'),
  })
  const enforce = mode('enforce', 'restricted')
  const audit = mode('audit', 'privileged')
  const warn = mode('warn', 'privileged')
  const told = labels[`${prefix}warn`] !== undefined || parseLevel(labels[`${prefix}enforce`] ?? '') === undefined
  if (told || strictness(enforce.level) <= strictness(warn.level)) return { policy: { enforce, audit, warn }, problems }
  const version = labels[`${prefix}warn-version`] === undefined ? enforce.version : warn.version
  return { policy: { enforce, audit, warn: { level: enforce.level, version } }, problems }
}

const levelRule = `must be one of ${levels.join(', ')}`
const parseLevel = (text: string): Level | undefined => levels.find((level) => level === text)

const versionRule = 'must be "latest" or "v1.x"'
function parseVersion(text: string): number | 'latest' | undefined {
  if (text === 'latest') return text
  const minor = /^v1\.(0|[1-9][0-9]*)$/.exec(text)?.[1]
  return minor === undefined ? undefined : Number(minor)
}
