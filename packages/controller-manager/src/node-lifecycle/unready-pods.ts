import { Node, Pod } from '@treeline/api'
import { type ControllerDefinition, defineController, keyOf, on } from '@treeline/client'
import { formatTime, isNotFound } from '@treeline/machinery'
import { podNodeIndex, readyCondition } from '../nodes/node-state.js'
import { objectKey } from '../ownership/object-key.js'
import { isPodReady } from '../pods/pod-state.js'

const isDown = (node: Node) => {
  const status = readyCondition(node)?.status
  return status !== undefined && status !== 'True'
}

/** Says of the pods on a node that is not ready that they are not, so that no traffic goes to them. */
export function unreadyPodsController(): ControllerDefinition {
  return defineController({
    name: 'node-lifecycle-controller-pods',
    eventComponent: 'node-controller',
    workers: 8,
    watches: [
      on(
        Pod,
        (pod, _old, cache, type) => {
          const node = type !== 'deleted' && isPodReady(pod) ? cache.get(Node, pod.spec?.nodeName ?? '') : undefined
          return node && isDown(node) ? [keyOf(pod)] : []
        },
        { indexes: podNodeIndex },
      ),
      on(Node, (node, old, cache, type) => {
        if (type === 'deleted' || !isDown(node) || (old && isDown(old))) return []
        return cache.byIndex(Pod, 'node', node.metadata.name ?? '').map(keyOf)
      }),
    ],
    async reconcile(key, { cache, client, events, clock, signal }) {
      const pod = cache.get(Pod, key)
      const node = cache.get(Node, pod?.spec?.nodeName ?? '')
      if (!pod || !node || !isPodReady(pod) || !isDown(node)) return undefined
      const condition = { type: 'Ready', status: 'False', lastTransitionTime: formatTime(new Date(clock.now())) }
      const body = { metadata: { uid: pod.metadata.uid }, status: { conditions: [condition] } }
      try {
        await client.patch(Pod, objectKey(pod), { type: 'strategic', body }, { subresource: 'status', signal })
      } catch (error) {
        if (isNotFound(error)) return undefined
        throw error
      }
      events.event(pod, 'Warning', 'NodeNotReady', 'Node is not ready')
      return undefined
    },
  })
}
