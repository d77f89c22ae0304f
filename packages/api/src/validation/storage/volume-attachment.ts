import { FieldPath, validateDnsSubdomain } from '@treeline/machinery'
import type { TypeOf } from '../../declaration/type-of.js'
import type { Validation } from '../../declaration/validations.js'
import { checkInlineVolume } from '../core/persistent-volume.js'
import { checkCsiDriverName } from '../csi-driver-name.js'
import { type Findings, findingsOf } from '../findings.js'
import { sameValue } from '../immutable.js'
import { maxInt32 } from '../numbers.js'

type VolumeAttachment = TypeOf<'storage.v1.VolumeAttachment'>

const path = FieldPath.root('spec')
const status = FieldPath.root('status')
const maxMetadataBytes = 256 * 1024
const maxMessageBytes = 1024

export const volumeAttachmentValidation: Validation<VolumeAttachment> = {
  validate: (attachment) =>
    findingsOf((found) => {
      checkAttachment(found, attachment)
      checkCsiDriverName(found, attachment.spec?.attacher, FieldPath.root('spec.attacher'))
      const name = attachment.spec?.source?.persistentVolumeName
      if (name !== undefined) found.each('spec.source.persistentVolumeName', name, validateDnsSubdomain(name))
    }),
  validateUpdate: (attachment, old) =>
    findingsOf((found) => {
      checkAttachment(found, attachment)
      if (!sameValue(attachment.spec, old.spec)) found.invalid(path, printedSpec(attachment), 'field is immutable')
    }),
  validateStatusUpdate: (attachment, old) =>
    findingsOf((found) => {
      checkAttachment(found, attachment)
      if (!sameValue(attachment.spec, old.spec)) found.invalid(path, printedSpec(attachment), 'field is immutable')
    }),
}

const printedSpec = ({ spec }: VolumeAttachment): object => ({
  Attacher: spec?.attacher ?? '',
  Source: {
    PersistentVolumeName: spec?.source?.persistentVolumeName ?? null,
    InlineVolumeSpec: spec?.source?.inlineVolumeSpec ?? null,
  },
  NodeName: spec?.nodeName ?? '',
})

const exactlyOne = 'must specify exactly one of inlineVolumeSpec and persistentVolumeName'

function checkAttachment(found: Findings, { spec, status: current }: VolumeAttachment): void {
  if (!spec?.attacher) found.required(path.child('attacher'))
  const { inlineVolumeSpec: inline, persistentVolumeName: name } = spec?.source ?? {}
  const at = path.child('source')
  if (!inline && name === undefined) found.required(at, exactlyOne)
  else if (inline && name !== undefined) found.forbidden(at, exactlyOne)
  else if (name === '') found.required(at.child('persistentVolumeName'), 'must specify non empty persistentVolumeName')
  else if (inline) checkInlineVolume(found, inline, at.child('inlineVolumeSpec'))
  const nodeName = spec?.nodeName ?? ''
  found.each(path.child('nodeName'), nodeName, validateDnsSubdomain(nodeName))
  const metadata = Object.entries(current?.attachmentMetadata ?? {})
  const size = metadata.reduce((sum, [key, value]) => sum + Buffer.byteLength(key) + Buffer.byteLength(value), 0)
  if (size > maxMetadataBytes) found.tooLong(status.child('attachmentMetadata'), maxMetadataBytes)
  for (const field of ['attachError', 'detachError'] as const) {
    const error = current?.[field]
    // Upstream names the limit of the metadata here.
    if (Buffer.byteLength(error?.message ?? '') > maxMessageBytes) found.tooLong(status.child(field, 'message'), maxMetadataBytes)
    if ((error?.errorCode ?? 0) < 0) {
      found.invalid(status.child(field, 'errorCode'), error?.errorCode, `must be between 0 and ${maxInt32}, inclusive`)
    }
  }
}
