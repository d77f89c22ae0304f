import type { DefaultsTable } from '../../declaration/defaults.js'

export const resourceDefaults: DefaultsTable = {
  'resource.v1.ExactDeviceRequest': oneDevice,
  'resource.v1.DeviceSubRequest': oneDevice,
}

function oneDevice(request: { allocationMode?: string; count?: number }): void {
  request.allocationMode ||= 'ExactCount'
  if (request.allocationMode === 'ExactCount') request.count ||= 1
}
