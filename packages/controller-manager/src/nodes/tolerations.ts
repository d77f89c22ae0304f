import type { Taint, Toleration } from '@treeline/api'

/** Whether a toleration bears with a taint. */
export function tolerates(toleration: Toleration, taint: Taint): boolean {
  if (toleration.effect && toleration.effect !== taint.effect) return false
  if (toleration.key && toleration.key !== taint.key) return false
  switch (toleration.operator ?? 'Equal') {
    case 'Exists':
      return true
    case 'Equal':
      return (toleration.value ?? '') === (taint.value ?? '')
    case 'Lt':
    case 'Gt':
      return comparesTo(toleration, taint)
    default:
      return false
  }
}

/** Numeric comparison of the taint's value with the toleration's. */
function comparesTo({ operator, value = '' }: Toleration, taint: Taint): boolean {
  const integer = /^-?\d+$/
  if (!integer.test(value) || !integer.test(taint.value ?? '')) return false
  const [bound, actual] = [BigInt(value), BigInt(taint.value ?? '0')]
  return operator === 'Lt' ? actual < bound : actual > bound
}

/** How long a pod may stay: not at all, for some seconds from the taint on, or for ever. */
export type Stay = { readonly kind: 'none' } | { readonly kind: 'forever' } | { readonly kind: 'limited'; readonly seconds: number }

/** How long these tolerations let a pod stay where there are these taints; the shortest one counts. */
export function stayWith(taints: readonly Taint[], tolerations: readonly Toleration[]): Stay {
  const used: Toleration[] = []
  for (const taint of taints) {
    const toleration = tolerations.find((candidate) => tolerates(candidate, taint))
    if (!toleration) return { kind: 'none' }
    used.push(toleration)
  }
  const limits = used.flatMap(({ tolerationSeconds }) => (tolerationSeconds === undefined ? [] : [tolerationSeconds]))
  if (limits.length === 0) return { kind: 'forever' }
  const seconds = Math.min(...limits)
  return seconds <= 0 ? { kind: 'none' } : { kind: 'limited', seconds }
}
