import { deepEqual, FieldPath, Quantity, validateDnsSubdomain, validateLabelName, validateLabelSelector } from '@treeline/machinery'
import type { TypeOf } from '../../declaration/type-of.js'
import type { Validation } from '../../declaration/validations.js'
import { type Findings, findingsOf, forEachItem } from '../findings.js'
import { checkImmutable, immutableMessage, sameValue } from '../immutable.js'
import { checkQualifiedName } from '../names.js'
import { checkNonNegativeQuantity } from '../quantities.js'

type StorageClass = TypeOf<'storage.v1.StorageClass'>
type VolumeAttributesClass = TypeOf<'storage.v1.VolumeAttributesClass'>
type CSIStorageCapacity = TypeOf<'storage.v1.CSIStorageCapacity'>
type Parameters = Readonly<Record<string, string>> | undefined

const parameters = FieldPath.root('parameters')
const provisioner = FieldPath.root('provisioner')

const reclaimPolicies = ['Delete', 'Retain']
const bindingModes = ['Immediate', 'WaitForFirstConsumer']

export const storageClassValidation: Validation<StorageClass> = {
  validate: (storageClass) =>
    findingsOf((found) => {
      checkProvisioner(found, storageClass.provisioner, provisioner)
      checkParameters(found, storageClass.parameters)
      const { reclaimPolicy, volumeBindingMode: mode } = storageClass
      if (reclaimPolicy && !reclaimPolicies.includes(reclaimPolicy)) found.notSupported('reclaimPolicy', reclaimPolicy, reclaimPolicies)
      if (mode === undefined) found.required('volumeBindingMode')
      else if (!bindingModes.includes(mode)) found.notSupported('volumeBindingMode', mode, bindingModes)
      checkTopologies(found, storageClass.allowedTopologies ?? [])
    }),
  validateUpdate: (storageClass, old) =>
    findingsOf((found) => {
      if (!sameValue(storageClass.parameters, old.parameters)) found.forbidden(parameters, 'updates to parameters are forbidden.')
      if (storageClass.provisioner !== old.provisioner) found.forbidden(provisioner, 'updates to provisioner are forbidden.')
      if (storageClass.reclaimPolicy !== old.reclaimPolicy) found.forbidden('reclaimPolicy', 'updates to reclaimPolicy are forbidden.')
      checkImmutable(found, storageClass.volumeBindingMode, old.volumeBindingMode, FieldPath.root('volumeBindingMode'))
    }),
}

function checkProvisioner(found: Findings, name: string | undefined, at: FieldPath): void {
  if (!name) found.required(at)
  else checkQualifiedName(found, name.toLowerCase(), at)
}

const maxParameters = 512
const maxParameterBytes = 256 * 1024

function checkParameters(found: Findings, given: Parameters): void {
  const entries = Object.entries(given ?? {})
  if (entries.length > maxParameters) {
    found.tooLong(parameters, maxParameters)
    return
  }
  for (const [name] of entries) if (name === '') found.invalid(parameters, name, 'field can not be empty.')
  const size = entries.reduce((sum, [name, value]) => sum + Buffer.byteLength(name) + Buffer.byteLength(value), 0)
  if (size > maxParameterBytes) found.tooLong(parameters, maxParameterBytes)
}

function checkTopologies(found: Findings, terms: readonly TypeOf<'core.v1.TopologySelectorTerm'>[]): void {
  const seen: Record<string, string[]>[] = []
  forEachItem(terms, FieldPath.root('allowedTopologies'), ({ matchLabelExpressions }, at) => {
    const here = at.child('matchLabelExpressions')
    const term: Record<string, string[]> = {}
    forEachItem(matchLabelExpressions, here, ({ key, values = [] }, place) => {
      if (values.length === 0) found.required(place.child('values'))
      forEachItem(values, place.child('values'), (value, there, index) => {
        if (values.indexOf(value) < index) found.duplicate(there, value)
      })
      found.add(...validateLabelName(key, place.child('key')))
      if (Object.hasOwn(term, key)) found.duplicate(place.child('key'), key)
      term[key] = [...new Set(values)].sort()
    })
    for (const other of seen) if (deepEqual(other, term)) found.duplicate(here, '')
    seen.push(term)
  })
}

const driverName = FieldPath.root('driverName')

export const volumeAttributesClassValidation: Validation<VolumeAttributesClass> = {
  validate: (attributes) => findingsOf((found) => checkAttributesClass(found, attributes)),
  validateUpdate: (attributes, old) =>
    findingsOf((found) => {
      if (attributes.driverName !== old.driverName) found.forbidden(driverName, 'updates to driverName are forbidden.')
      if (!sameValue(attributes.parameters, old.parameters)) found.forbidden(parameters, 'updates to parameters are forbidden.')
      checkAttributesClass(found, attributes)
    }),
}

function checkAttributesClass(found: Findings, attributes: VolumeAttributesClass): void {
  checkProvisioner(found, attributes.driverName, driverName)
  checkParameters(found, attributes.parameters)
  if (Object.keys(attributes.parameters ?? {}).length === 0) found.required(parameters, 'must contain at least one key/value pair')
}

const nodeTopology = FieldPath.root('nodeTopology')

export const storageCapacityValidation: Validation<CSIStorageCapacity> = {
  validate: ({ nodeTopology: topology, storageClassName, capacity }) =>
    findingsOf((found) => {
      found.add(...validateLabelSelector(topology, nodeTopology))
      found.each('storageClassName', storageClassName, validateDnsSubdomain(storageClassName))
      if (capacity !== undefined) checkNonNegativeQuantity(found, Quantity.parse(capacity), FieldPath.root('capacity'))
    }),
  validateUpdate: (capacity, old) =>
    findingsOf((found) => {
      if (!sameValue(capacity.nodeTopology, old.nodeTopology)) found.invalid(nodeTopology, capacity.nodeTopology ?? null, immutableMessage)
      if (capacity.storageClassName !== old.storageClassName) {
        found.invalid('storageClassName', capacity.storageClassName, immutableMessage)
      }
    }),
}
