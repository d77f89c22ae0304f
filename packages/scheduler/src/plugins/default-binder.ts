import { type Binding, Pod } from '@treeline/api'
import type { Client } from '@treeline/client'
import type { SchedulerPlugin } from '../framework/plugin.js'

/** Binds by POST to the pod's `binding` subresource. */
export function defaultBinder(client: Client): SchedulerPlugin {
  return {
    name: 'DefaultBinder',
    async bind({ pod }, node, signal) {
      const { name = '', namespace = '', uid = '' } = pod.pod.metadata
      const binding: Binding = {
        apiVersion: 'v1',
        kind: 'Binding',
        metadata: { name, namespace, uid },
        target: { kind: 'Node', name: node.name },
      }
      await client.createSubresource(Pod, { namespace, name }, 'binding', binding, { signal })
      return true
    },
  }
}
