import type { Container, Pod } from '../core/v1/index.js'
import { type Amounts, addAmounts, amountsOf, maxAmounts } from './amounts.js'

/** What a pod asks for in all: its containers and sidecars together, or more where an init container needs more; with overhead. */
export function podRequests(pod: Pod, options: { readonly status?: boolean } = {}): Amounts {
  const requests = total(pod, (container) => containerRequests(pod, container, options.status ?? false))
  const withPodLevel = override(requests, amountsOf(pod.spec?.resources?.requests))
  return addAmounts(withPodLevel, amountsOf(pod.spec?.overhead))
}

/** What a pod may use in all, of the resources that are limited at all; with overhead. */
export function podLimits(pod: Pod): Amounts {
  const limits = override(
    total(pod, (container) => amountsOf(container.resources?.limits)),
    amountsOf(pod.spec?.resources?.limits),
  )
  const overhead = amountsOf(pod.spec?.overhead)
  return new Map([...limits].map(([name, amount]) => [name, amount.isZero ? amount : amount.add(overhead.get(name) ?? zeroOf(amount))]))
}

/** Whether no container (and the pod as a whole) asks for or is limited in cpu or memory. */
export function isBestEffort(pod: Pod): boolean {
  const { spec } = pod
  const all = [
    spec?.resources,
    ...(spec?.containers ?? []).map(({ resources }) => resources),
    ...(spec?.initContainers ?? []).map(({ resources }) => resources),
  ]
  return all.every((resources) =>
    [resources?.requests, resources?.limits].every((list) => {
      const amounts = amountsOf(list)
      return computeResources.every((name) => amounts.get(name)?.sign !== 1)
    }),
  )
}

const computeResources = ['cpu', 'memory']
const none: Amounts = new Map()
const zeroOf = <T extends { sub(other: T): T }>(amount: T): T => amount.sub(amount)

function total(pod: Pod, of: (container: Container) => Amounts): Amounts {
  let sum = (pod.spec?.containers ?? []).map(of).reduce(addAmounts, none)
  let sidecars = none
  let greatest = none
  for (const container of pod.spec?.initContainers ?? []) {
    const own = of(container)
    if (container.restartPolicy === 'Always') {
      sum = addAmounts(sum, own)
      sidecars = addAmounts(sidecars, own)
      greatest = maxAmounts(greatest, sidecars)
    } else {
      greatest = maxAmounts(greatest, addAmounts(own, sidecars))
    }
  }
  return maxAmounts(sum, greatest)
}

/** While a container is resized, the greatest of what is asked, allotted and in force counts. */
function containerRequests(pod: Pod, container: Container, useStatus: boolean): Amounts {
  const asked = amountsOf(container.resources?.requests)
  if (!useStatus) return asked
  const statuses = [...(pod.status?.containerStatuses ?? []), ...(pod.status?.initContainerStatuses ?? [])]
  const status = statuses.find(({ name }) => name === container.name)
  if (!status) return asked
  return maxAmounts(maxAmounts(asked, amountsOf(status.allocatedResources)), amountsOf(status.resources?.requests))
}

/** Amounts stated for the pod as a whole take the place of sums. */
const override = (sums: Amounts, podLevel: Amounts): Amounts => {
  const stated = [...podLevel].filter(([name]) => name === 'cpu' || name === 'memory' || name.startsWith('hugepages-'))
  return stated.length === 0 ? sums : new Map([...sums, ...stated])
}
