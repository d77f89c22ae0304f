import type { Node } from '@treeline/api'
import type { CloudProvider, InstanceDescription } from '@treeline/cloud-provider'

/** Asks the cloud about nodes; questions asked at about the same time become one batch, so 5,000 nodes cost pages. */
export interface InstanceLookup {
  describe(node: Node, signal: AbortSignal): Promise<InstanceDescription>
}

interface Question {
  readonly node: Node
  readonly resolve: (description: InstanceDescription) => void
  readonly reject: (error: unknown) => void
}

const batchWindow = 20
const batchSize = 500

/** `signal` ends every question that is still open. */
export function instanceLookup(cloud: CloudProvider, signal: AbortSignal): InstanceLookup {
  let waiting: Question[] = []
  let timer: NodeJS.Timeout | undefined

  async function ask(batch: Question[]): Promise<void> {
    try {
      if (!cloud.instances) throw new Error(`cloud provider ${cloud.name} has no instances`)
      const answers = await cloud.instances.describe(
        batch.map((question) => question.node),
        signal,
      )
      batch.forEach((question, index) => {
        const answer = answers[index]
        if (answer) question.resolve(answer)
        else question.reject(new Error(`cloud provider ${cloud.name} gave no answer for node ${question.node.metadata.name}`))
      })
    } catch (error) {
      for (const question of batch) question.reject(error)
    }
  }

  function flush(): void {
    timer = undefined
    const all = waiting
    waiting = []
    for (let start = 0; start < all.length; start += batchSize) void ask(all.slice(start, start + batchSize))
  }

  return {
    describe: (node) =>
      new Promise((resolve, reject) => {
        waiting.push({ node, resolve, reject })
        if (timer === undefined) timer = setTimeout(flush, batchWindow)
      }),
  }
}
