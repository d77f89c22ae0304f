import { FieldPath } from '@treeline/machinery'
import type { TypeOf } from '../../declaration/type-of.js'
import type { Validation } from '../../declaration/validations.js'
import { checkCsiDriverName } from '../csi-driver-name.js'
import { type Findings, findingsOf, forEachItem } from '../findings.js'
import { checkImmutable } from '../immutable.js'
import { checkQualifiedName } from '../names.js'
import { checkNonNegative } from '../numbers.js'

type CSIDriver = TypeOf<'storage.v1.CSIDriver'>
type CSINode = TypeOf<'storage.v1.CSINode'>

const path = FieldPath.root('spec')

export const csiDriverValidation: Validation<CSIDriver> = {
  validate: (driver) => findingsOf((found) => checkDriver(found, driver)),
  validateUpdate: (driver, old) =>
    findingsOf((found) => {
      checkDriver(found, driver)
      checkImmutable(found, driver.spec?.attachRequired, old.spec?.attachRequired, path.child('attachedRequired'))
      checkImmutable(found, driver.spec?.volumeLifecycleModes, old.spec?.volumeLifecycleModes, path.child('volumeLifecycleModes'))
    }),
}

const groupPolicies = ['File', 'None', 'ReadWriteOnceWithFSType']
const lifecycleModes = ['Persistent', 'Ephemeral']
const shortestPeriod = 10

function checkDriver(found: Findings, { spec = {} }: CSIDriver): void {
  // Upstream has a name of its own for the first.
  if (spec.attachRequired === undefined) found.required(path.child('attachedRequired'))
  for (const name of ['podInfoOnMount', 'storageCapacity'] as const) if (spec[name] === undefined) found.required(path.child(name))
  const policy = spec.fsGroupPolicy
  if (policy !== undefined && !groupPolicies.includes(policy)) found.notSupported(path.child('fsGroupPolicy'), policy, groupPolicies)
  checkTokenRequests(found, spec.tokenRequests ?? [])
  for (const mode of spec.volumeLifecycleModes ?? []) {
    if (!lifecycleModes.includes(mode)) found.notSupported(path.child('volumeLifecycleModes'), mode, lifecycleModes)
  }
  if (spec.seLinuxMount === undefined) found.required(path.child('seLinuxMount'))
  const period = spec.nodeAllocatableUpdatePeriodSeconds
  if (period !== undefined && period < shortestPeriod) {
    found.invalid(path.child('nodeAllocatableUpdatePeriodSeconds'), period, 'must be greater than or equal to 10 seconds')
  }
  if (spec.serviceAccountTokenInSecrets !== undefined && !spec.tokenRequests?.length) {
    const detail = 'serviceAccountTokenInSecrets is set but no tokenRequests are specified'
    found.invalid(path.child('serviceAccountTokenInSecrets'), spec.serviceAccountTokenInSecrets, detail)
  }
}

const shortestLife = 600
const longestLife = 2 ** 32

function checkTokenRequests(found: Findings, requests: readonly TypeOf<'storage.v1.TokenRequest'>[]): void {
  const audiences = new Set<string>()
  forEachItem(requests, path.child('tokenRequests'), ({ audience, expirationSeconds: life }, at) => {
    if (audiences.has(audience)) {
      found.duplicate(at.child('audience'), audience)
      return
    }
    audiences.add(audience)
    if (life === undefined) return
    if (life < shortestLife) found.invalid(at.child('expirationSeconds'), life, 'may not specify a duration less than 10 minutes')
    if (life > longestLife) found.invalid(at.child('expirationSeconds'), life, 'may not specify a duration larger than 2^32 seconds')
  })
}

const nodeIdMaxLength = 256

export const csiNodeValidation: Validation<CSINode> = {
  validate: (node) => findingsOf((found) => checkCsiNode(found, node)),
  validateUpdate: (node, old) =>
    findingsOf((found) => {
      checkCsiNode(found, node)
      for (const before of old.spec?.drivers ?? []) {
        for (const now of node.spec?.drivers ?? []) {
          if (now.name === before.name) checkImmutable(found, comparable(now), comparable(before), path.child('drivers'))
        }
      }
    }),
}

type Driver = TypeOf<'storage.v1.CSINodeDriver'>

/** A driver without what it may change, as upstream prints it. */
const comparable = ({ name, nodeID, topologyKeys }: Driver): object => ({
  Name: name,
  NodeID: nodeID,
  TopologyKeys: topologyKeys ?? null,
  Allocatable: null,
})

function checkCsiNode(found: Findings, { spec }: CSINode): void {
  const names = new Set<string>()
  forEachItem(spec?.drivers, path.child('drivers'), ({ name, nodeID, allocatable, topologyKeys }, at) => {
    checkCsiDriverName(found, name, at.child('name'))
    if (!nodeID) found.required(at.child('nodeID'))
    if (Buffer.byteLength(nodeID) > nodeIdMaxLength)
      found.invalid(at.child('nodeID'), nodeID, `must be ${nodeIdMaxLength} characters or less`)
    checkNonNegative(found, allocatable?.count, at.child('allocatable', 'count'))
    if (names.has(name)) found.duplicate(at.child('name'), name)
    names.add(name)
    const keys = new Set<string>()
    for (const key of topologyKeys ?? []) {
      if (key === '') found.required(at)
      if (keys.has(key)) found.duplicate(at, key)
      keys.add(key)
      checkQualifiedName(found, key, at)
    }
  })
}
