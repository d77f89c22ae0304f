import type { TypeTable } from '../../declaration/type-table.js'

export const securityContextTypes = {
  SecurityContext: {
    capabilities: ['Capabilities?', 1],
    privileged: ['boolean?', 2],
    seLinuxOptions: ['SELinuxOptions?', 3],
    windowsOptions: ['WindowsSecurityContextOptions?', 10],
    runAsUser: ['int64?', 4],
    runAsGroup: ['int64?', 8],
    runAsNonRoot: ['boolean?', 5],
    readOnlyRootFilesystem: ['boolean?', 6],
    allowPrivilegeEscalation: ['boolean?', 7],
    procMount: ['ProcMountType?', 9],
    seccompProfile: ['SeccompProfile?', 11],
    appArmorProfile: ['AppArmorProfile?', 12],
  },
  Capabilities: {
    add: ['string[]', 1],
    drop: ['string[]', 2],
  },
  SELinuxOptions: {
    user: ['string', 1],
    role: ['string', 2],
    type: ['string', 3],
    level: ['string', 4],
  },
  SeccompProfile: {
    type: ['SeccompProfileType!', 1],
    localhostProfile: ['string?', 2],
  },
  AppArmorProfile: {
    type: ['AppArmorProfileType!', 1],
    localhostProfile: ['string?', 2],
  },
  WindowsSecurityContextOptions: {
    gmsaCredentialSpecName: ['string?', 1],
    gmsaCredentialSpec: ['string?', 2],
    runAsUserName: ['string?', 3],
    hostProcess: ['boolean?', 4],
  },
  AppArmorProfileType: ['Unconfined', 'RuntimeDefault', 'Localhost'],
  ProcMountType: ['Default', 'Unmasked'],
  SeccompProfileType: ['Unconfined', 'RuntimeDefault', 'Localhost'],
} as const satisfies TypeTable
