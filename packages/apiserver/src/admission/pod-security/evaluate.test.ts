import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { PodSpec } from '@treeline/api'
import { detailsText, findings } from './evaluate.js'
import type { LevelVersion } from './policy.js'

const container = (securityContext: object = {}, more: object = {}) => ({ name: 'c', image: 'i', securityContext, ...more })
const safe = {
  allowPrivilegeEscalation: false,
  capabilities: { drop: ['ALL'] },
  runAsNonRoot: true,
  seccompProfile: { type: 'RuntimeDefault' },
}
const spec = (securityContext: object, more: object = {}) => ({ containers: [container(securityContext)], ...more })

const found = (level: LevelVersion['level'], version: LevelVersion['version'], subject: object, annotations = {}) =>
  detailsText(findings({ level, version }, { annotations, spec: subject as PodSpec }))

const baseline: readonly (readonly [subject: object, expected: string])[] = [
  [{ containers: [container()] }, ''],
  [spec({}, { hostNetwork: true, hostPID: true, hostIPC: true }), 'host namespaces (hostNetwork=true, hostPID=true, hostIPC=true)'],
  [spec({ capabilities: { add: ['CHOWN', 'SYS_TIME'] } }), capabilitiesText('"SYS_TIME"')],
  [spec({}, { volumes: [{ name: 'v', hostPath: { path: '/' } }] }), 'hostPath volumes (volume "v")'],
  [{ containers: [{ ...container(), ports: [{ hostPort: 443 }, { hostPort: 80 }] }] }, 'hostPort (container "c" uses hostPorts 443, 80)'],
  [
    { containers: [container({}, { livenessProbe: { httpGet: { host: 'b' } }, lifecycle: { preStop: { tcpSocket: { host: 'a' } } } })] },
    'probe or lifecycle host (container "c" uses probe or lifecycle hosts "a", "b")',
  ],
  [spec({ privileged: true }), 'privileged (container "c" must not set securityContext.privileged=true)'],
  [spec({ procMount: 'Unmasked' }), 'procMount (container "c" must not set securityContext.procMount to "Unmasked")'],
  [spec({ procMount: 'Unmasked' }, { hostUsers: false }), ''],
  [
    spec({ seLinuxOptions: { type: 't', user: 'u', role: 'r' } }),
    'seLinuxOptions (container "c" set forbidden securityContext.seLinuxOptions: type "t"; user may not be set; role may not be set)',
  ],
  [
    spec({ seccompProfile: { type: 'Unconfined' } }, { securityContext: { seccompProfile: { type: 'Unconfined' } } }),
    'seccompProfile (pod and container "c" must not set securityContext.seccompProfile.type to "Unconfined")',
  ],
  [
    spec({ appArmorProfile: { type: 'Unconfined' } }),
    'forbidden AppArmor profile (container "c" must not set AppArmor profile type to "Unconfined")',
  ],
  [spec({}, { securityContext: { sysctls: [{ name: 'a' }, { name: 'net.ipv4.tcp_rmem' }] } }), 'forbidden sysctls (a)'],
  [
    spec({ windowsOptions: { hostProcess: true } }, { securityContext: { windowsOptions: { hostProcess: true } } }),
    'hostProcess (pod and container "c" must not set securityContext.windowsOptions.hostProcess=true)',
  ],
]

function capabilitiesText(names: string) {
  return `non-default capabilities (container "c" must not include ${names} in securityContext.capabilities.add)`
}

test('what baseline does not allow', () => {
  for (const [subject, expected] of baseline) assert.equal(found('baseline', 'latest', subject), expected)
  assert.equal(found('privileged', 'latest', spec({ privileged: true })), '')
})

const restricted: readonly (readonly [subject: object, expected: string])[] = [
  [spec(safe), ''],
  [
    { containers: [container()] },
    'allowPrivilegeEscalation != false (container "c" must set securityContext.allowPrivilegeEscalation=false), ' +
      'unrestricted capabilities (container "c" must set securityContext.capabilities.drop=["ALL"]), ' +
      'runAsNonRoot != true (pod or container "c" must set securityContext.runAsNonRoot=true), ' +
      'seccompProfile (pod or container "c" must set securityContext.seccompProfile.type to "RuntimeDefault" or "Localhost")',
  ],
  [
    spec({ ...safe, capabilities: { drop: ['ALL'], add: ['NET_BIND_SERVICE', 'CHOWN'] } }),
    'unrestricted capabilities (container "c" must not include "CHOWN" in securityContext.capabilities.add)',
  ],
  [
    spec(safe, {
      volumes: [
        { name: 'a', nfs: {} },
        { name: 'b', emptyDir: {} },
      ],
    }),
    'restricted volume types (volume "a" uses restricted volume type "nfs")',
  ],
  [
    spec({ ...safe, runAsNonRoot: false }, { securityContext: { runAsNonRoot: false } }),
    'runAsNonRoot != true (pod and container "c" must not set securityContext.runAsNonRoot=false)',
  ],
  [spec({ ...safe, runAsUser: 0 }), 'runAsUser=0 (container "c" must not set runAsUser=0)'],
  [spec({ ...safe, runAsUser: 0, runAsNonRoot: undefined }, { hostUsers: false }), ''],
  [
    spec({ ...safe, procMount: 'Unmasked' }, { hostUsers: false }),
    'procMount (container "c" must not set securityContext.procMount to "Unmasked")',
  ],
  [{ ...spec({ runAsNonRoot: true }), os: { name: 'windows' } }, ''],
]

test('what restricted does not allow', () => {
  for (const [subject, expected] of restricted) assert.equal(found('restricted', 'latest', subject), expected)
})

test('a version is held to what it knew', () => {
  const rmem = spec({}, { securityContext: { sysctls: [{ name: 'net.ipv4.tcp_rmem' }] } })
  assert.equal(found('baseline', 31, rmem), 'forbidden sysctls (net.ipv4.tcp_rmem)')
  assert.equal(found('baseline', 32, rmem), '')
  assert.equal(found('baseline', 99, rmem), '')
  const nothing = { containers: [container({ runAsNonRoot: true })] }
  assert.equal(found('restricted', 7, nothing), '')
  assert.match(found('restricted', 8, nothing), /^allowPrivilegeEscalation != false \([^)]*\)$/)
  const annotated = { 'seccomp.security.alpha.kubernetes.io/pod': 'unconfined' }
  assert.equal(
    found('baseline', 18, nothing, annotated),
    'seccompProfile (forbidden annotation seccomp.security.alpha.kubernetes.io/pod="unconfined")',
  )
  assert.equal(found('baseline', 19, nothing, annotated), '')
})

test('containers of every sort are looked at', () => {
  const all = {
    initContainers: [{ ...container({ privileged: true }), name: 'i' }],
    containers: [container({ privileged: true })],
    ephemeralContainers: [{ ...container({ privileged: true }), name: 'e' }],
  }
  assert.equal(found('baseline', 'latest', all), 'privileged (containers "i", "c", "e" must not set securityContext.privileged=true)')
})
