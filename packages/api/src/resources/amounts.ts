import { Quantity } from '@treeline/machinery'

/** Amounts of resources by name, as objects hold them. */
export type ResourceList = Readonly<Record<string, string | number>>

/** The same, ready to calculate with. */
export type Amounts = ReadonlyMap<string, Quantity>

/** Reads a resource list. Throws on a quantity that cannot be read; stored objects hold none. */
export function amountsOf(list: ResourceList | undefined): Amounts {
  return new Map(Object.entries(list ?? {}).map(([name, text]) => [name, Quantity.parse(text)]))
}

/** As objects hold it, in order of names. */
export function resourceListOf(amounts: Amounts): Record<string, string> {
  return Object.fromEntries(
    [...amounts].sort(([left], [right]) => (left < right ? -1 : 1)).map(([name, amount]) => [name, amount.toString()]),
  )
}

/** Sums by name; a name that one side lacks is zero there. */
export function addAmounts(left: Amounts, right: Amounts): Amounts {
  return combine(left, right, (a, b) => a.add(b))
}

/** The greater by name. */
export function maxAmounts(left: Amounts, right: Amounts): Amounts {
  return combine(left, right, (a, b) => (b.cmp(a) > 0 ? b : a))
}

/** Differences by name, never below zero. Names of `right` alone are zero. */
export function subtractAmounts(left: Amounts, right: Amounts): Amounts {
  const result = new Map(left)
  for (const [name, amount] of right) {
    const difference = (left.get(name) ?? Quantity.zero).sub(amount)
    result.set(name, difference.sign < 0 ? Quantity.zero : difference)
  }
  return result
}

/** Only the names in `names`. */
export function maskAmounts(amounts: Amounts, names: Iterable<string>): Amounts {
  const kept = new Set(names)
  return new Map([...amounts].filter(([name]) => kept.has(name)))
}

const combine = (left: Amounts, right: Amounts, both: (a: Quantity, b: Quantity) => Quantity): Amounts => {
  const result = new Map(left)
  for (const [name, amount] of right) {
    const there = result.get(name)
    result.set(name, there ? both(there, amount) : amount)
  }
  return result
}
