import type { DefaultsTable } from '../../../declaration/defaults.js'

export const clusterDefaults: DefaultsTable = {
  'core.v1.Namespace': ({ metadata }) => {
    if (metadata.name) metadata.labels = { ...metadata.labels, 'kubernetes.io/metadata.name': metadata.name }
  },
  'core.v1.NamespaceStatus': { phase: 'Active' },
  // The singular field is the older one; a client that knows no other may write it alone.
  'core.v1.NodeSpec': (spec) => {
    const { podCIDR, podCIDRs } = spec
    if (podCIDR && podCIDR !== podCIDRs?.[0]) spec.podCIDRs = [podCIDR]
    else if (podCIDRs?.[0]) spec.podCIDR = podCIDRs[0]
  },
  'core.v1.NodeStatus': (status) => {
    if (!status.allocatable && status.capacity) status.allocatable = { ...status.capacity }
  },
  'core.v1.Secret': (secret) => {
    secret.type ||= 'Opaque'
    if (!secret.stringData) return
    secret.data = { ...secret.data, ...inBase64(secret.stringData) }
    delete secret.stringData
  },
  'core.v1.ReplicationController': (controller) => {
    const spec = controller.spec
    const labels = spec?.template?.metadata?.labels
    if (!spec || !labels) return
    if (isEmpty(spec.selector)) spec.selector = { ...labels }
    if (isEmpty(controller.metadata.labels)) controller.metadata.labels = { ...labels }
  },
  'core.v1.LimitRangeItem': (item) => {
    if (item.type !== 'Container') return
    item.default = { ...item.max, ...item.default }
    item.defaultRequest = { ...item.min, ...item.default, ...item.defaultRequest }
  },
}

const isEmpty = (map: object | undefined): boolean => Object.keys(map ?? {}).length === 0

/** `stringData` is only a way to write: it becomes part of `data`. */
function inBase64(texts: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(texts).map(([key, text]) => [key, Buffer.from(text).toString('base64')]))
}
