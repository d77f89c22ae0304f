import type { TypeOf } from '../../declaration/type-of.js'

export type AdmissionRequest = TypeOf<'admission.v1.AdmissionRequest'>
export type AdmissionResponse = TypeOf<'admission.v1.AdmissionResponse'>
export type AdmissionReview = TypeOf<'admission.v1.AdmissionReview'>
export type Operation = TypeOf<'admission.v1.Operation'>
export type PatchType = TypeOf<'admission.v1.PatchType'>
