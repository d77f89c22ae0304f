import { type FieldPath, validateLabelSelector } from '@treeline/machinery'
import type { TypeOf } from '../../declaration/type-of.js'
import { type Findings, forEachItem } from '../findings.js'
import { checkFileMode } from '../numbers.js'
import { printedSelector } from '../printed-map.js'
import { checkSignerName, clusterTrustBundleNameProblems, isKubernetesSigner } from '../signer-names.js'
import { checkFieldReference, checkResourceFieldReference } from './environment.js'
import { checkLocalPath } from './file-paths.js'
import { checkKeyToPath } from './key-to-path.js'

type Projected = TypeOf<'core.v1.ProjectedVolumeSource'>
type Projection = TypeOf<'core.v1.VolumeProjection'>

/** Several sources as one directory. */
export function checkProjected(found: Findings, { defaultMode, sources }: Projected, path: FieldPath, anyTokenPath: boolean): void {
  checkFileMode(found, defaultMode, path.child('defaultMode'))
  const files: Files = { found, path, taken: new Set() }
  forEachItem(sources, path.child('sources'), (source, at) => {
    if (source.secret) checkEntries(files, source.secret, at.child('secret'))
    if (source.configMap) checkEntries(files, source.configMap, at.child('configMap'))
    for (const file of source.downwardAPI?.items ?? []) {
      checkDownwardFile(found, file, at.child('downwardAPI'))
      claim(files, file.path, file.path)
    }
    if (source.serviceAccountToken) checkToken(found, source.serviceAccountToken, at.child('serviceAccountToken'), path, anyTokenPath)
    if (source.clusterTrustBundle) checkTrustBundle(files, source.clusterTrustBundle, at.child('clusterTrustBundle'))
    if (source.podCertificate) checkPodCertificate(files, source.podCertificate, at.child('podCertificate'))
    if (sourceNames.filter((name) => source[name]).length > 1) found.forbidden(at, 'may not specify more than 1 volume type per source')
  })
}

const sourceNames = ['secret', 'configMap', 'downwardAPI', 'serviceAccountToken', 'clusterTrustBundle', 'podCertificate'] as const

/** The files of the directory; two sources may not both make one. */
interface Files {
  readonly found: Findings
  readonly path: FieldPath
  readonly taken: Set<string>
}

function claim({ found, path, taken }: Files, file: string, blamed: string): void {
  if (!file) return
  if (taken.has(file)) found.invalid(path, blamed, 'conflicting duplicate paths')
  taken.add(file)
}

function checkEntries(files: Files, { name = '', items }: NonNullable<Projection['secret']>, path: FieldPath): void {
  if (!name) files.found.required(path.child('name'))
  forEachItem(items, path.child('items'), (item, at) => {
    checkKeyToPath(files.found, item, at)
    claim(files, item.path, name)
  })
}

const shortestLife = 600
const longestLife = 2 ** 32

function checkToken(
  found: Findings,
  { expirationSeconds: life = 0, path: file }: TypeOf<'core.v1.ServiceAccountTokenProjection'>,
  path: FieldPath,
  volume: FieldPath,
  anyPath: boolean,
): void {
  const at = path.child('expirationSeconds')
  if (life < shortestLife) found.invalid(at, life, 'may not specify a duration less than 10 minutes')
  if (life > longestLife) found.invalid(at, life, 'may not specify a duration larger than 2^32 seconds')
  if (!file) found.required(volume.child('path'))
  else if (!anyPath) checkLocalPath(found, file, volume.child('path'))
}

function checkTrustBundle(files: Files, bundle: TypeOf<'core.v1.ClusterTrustBundleProjection'>, path: FieldPath): void {
  const { found } = files
  const { name, signerName, labelSelector, path: file } = bundle
  if (name !== undefined && signerName !== undefined) {
    const printed = {
      Name: name,
      SignerName: signerName,
      LabelSelector: labelSelector ?? null,
      Optional: bundle.optional ?? null,
      Path: file,
    }
    found.invalid(path, printed, 'only one of name and signerName may be used')
  } else if (name !== undefined) {
    if (name === '') found.required(path.child('name'), 'must be a valid object name')
    for (const problem of clusterTrustBundleNameProblems(name)) {
      found.invalid(path.child('name'), name, `not a valid clustertrustbundlename: ${problem}`)
    }
    if (labelSelector)
      found.invalid(path.child('labelSelector'), printedSelector(labelSelector), 'labelSelector must be unset if name is specified')
  } else if (signerName !== undefined) {
    if (signerName === '') found.required(path.child('signerName'), 'must be a valid signer name')
    checkSignerName(found, signerName, path.child('signerName'))
    found.add(...validateLabelSelector(labelSelector, path.child('labelSelector')))
  } else found.required(path, 'either name or signerName must be specified')
  if (!file) found.required(path.child('path'))
  checkLocalPath(found, file, path.child('path'))
  claim(files, file, file)
}

const keyTypes = ['RSA3072', 'RSA4096', 'ECDSAP256', 'ECDSAP384', 'ECDSAP521', 'ED25519']
const shortestCertificate = 3600
const longestCertificate = 91 * 24 * 3600
const longestKubernetesCertificate = 24 * 3600
const certificateFiles = ['credentialBundlePath', 'keyPath', 'certificateChainPath'] as const

function checkPodCertificate(files: Files, certificate: TypeOf<'core.v1.PodCertificateProjection'>, path: FieldPath): void {
  const { found } = files
  const { signerName = '', keyType = '', maxExpirationSeconds: life } = certificate
  checkSignerName(found, signerName, path.child('signerName'))
  if (!keyTypes.includes(keyType)) found.notSupported(path.child('keyType'), keyType, keyTypes)
  if (life !== undefined) {
    const longest = isKubernetesSigner(signerName) ? longestKubernetesCertificate : longestCertificate
    const at = path.child('maxExpirationSeconds')
    if (life < shortestCertificate) found.invalid(at, life, `if provided, maxExpirationSeconds must be >= ${shortestCertificate}`)
    if (life > longest) found.invalid(at, life, `if provided, maxExpirationSeconds must be <= ${longest}`)
  }
  const given = certificateFiles.filter((name) => certificate[name])
  for (const name of given) {
    const file = certificate[name] ?? ''
    checkLocalPath(found, file, path.child(name))
    claim(files, file, file)
  }
  if (given.length === 0) {
    found.required(path, 'specify at least one of credentialBundlePath, keyPath, and certificateChainPath')
  }
}

const fieldsOfVolumes = ['metadata.annotations', 'metadata.labels', 'metadata.name', 'metadata.namespace', 'metadata.uid']

/** A file that tells a container about its pod. Upstream names no index. */
export function checkDownwardFile(found: Findings, file: TypeOf<'core.v1.DownwardAPIVolumeFile'>, path: FieldPath): void {
  const { path: target, fieldRef, resourceFieldRef, mode } = file
  if (!target) found.required(path.child('path'))
  checkLocalPath(found, target, path.child('path'))
  if (fieldRef) {
    checkFieldReference(found, fieldRef, fieldsOfVolumes, path.child('fieldRef'))
    if (resourceFieldRef) found.invalid(path, 'resource', 'fieldRef and resourceFieldRef can not be specified simultaneously')
  } else if (resourceFieldRef) checkResourceFieldReference(found, resourceFieldRef, path.child('resourceFieldRef'), true)
  else found.required(path, 'one of fieldRef and resourceFieldRef is required')
  checkFileMode(found, mode, path.child('mode'))
}
