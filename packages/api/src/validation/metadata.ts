import type { MetadataValidation } from '../kind.js'

const unchecked: MetadataValidation = { onUpdate: [], onStatusUpdate: [], anyFinalizer: true }
const asNew: MetadataValidation = { onUpdate: ['new'] }
const changeThenNew: MetadataValidation = { onUpdate: ['change', 'new'] }
const newThenChange: MetadataValidation = { onUpdate: ['new', 'change'] }

/** Kinds whose metadata upstream checks otherwise than the change of it once, by the names of their types. */
export const metadataValidations: Readonly<Record<string, MetadataValidation | undefined>> = {
  'admissionregistration.v1.MutatingWebhookConfiguration': { ...asNew, anyFinalizer: true },
  'admissionregistration.v1.ValidatingAdmissionPolicy': { ...asNew, anyFinalizer: true },
  'admissionregistration.v1.ValidatingAdmissionPolicyBinding': { ...asNew, anyFinalizer: true },
  'admissionregistration.v1.ValidatingWebhookConfiguration': { ...asNew, anyFinalizer: true },
  'apiextensions.v1.CustomResourceDefinition': { anyFinalizer: true },
  'apiregistration.v1.APIService': { ...changeThenNew, anyFinalizer: true },
  'apps.v1.ControllerRevision': changeThenNew,
  'batch.v1.CronJob': { onStatusUpdate: [] },
  'batch.v1.Job': changeThenNew,
  'certificates.v1.CertificateSigningRequest': { onUpdate: ['new', 'change'], onStatusUpdate: ['new', 'change'] },
  'coordination.v1.Lease': { anyFinalizer: true },
  'core.v1.ConfigMap': changeThenNew,
  'core.v1.Endpoints': changeThenNew,
  'core.v1.Event': unchecked,
  'core.v1.Namespace': changeThenNew,
  'core.v1.Node': changeThenNew,
  'core.v1.PersistentVolume': newThenChange,
  'core.v1.PersistentVolumeClaim': changeThenNew,
  'core.v1.Pod': changeThenNew,
  'core.v1.Secret': changeThenNew,
  'core.v1.ServiceAccount': changeThenNew,
  'discovery.v1.EndpointSlice': asNew,
  'flowcontrol.v1.FlowSchema': asNew,
  'flowcontrol.v1.PriorityLevelConfiguration': asNew,
  'networking.v1.Ingress': changeThenNew,
  'networking.v1.IngressClass': changeThenNew,
  'networking.v1.NetworkPolicy': changeThenNew,
  'node.v1.RuntimeClass': { ...changeThenNew, anyFinalizer: true },
  'policy.v1.PodDisruptionBudget': unchecked,
  'rbac.v1.ClusterRole': newThenChange,
  'rbac.v1.ClusterRoleBinding': newThenChange,
  'rbac.v1.Role': newThenChange,
  'rbac.v1.RoleBinding': newThenChange,
  'storage.v1.CSINode': changeThenNew,
  'storage.v1.CSIStorageCapacity': changeThenNew,
  'storage.v1.StorageClass': changeThenNew,
  'storage.v1.VolumeAttachment': asNew,
  'storage.v1.VolumeAttributesClass': changeThenNew,
}
