import type { Container } from '@treeline/api'

/** A port given by number or by the name it has in the container's spec. Throws when there is no such port. */
export function containerPort(port: string | number | undefined, container: Container): number {
  const number = typeof port === 'number' ? port : /^\d+$/.test(port ?? '') ? Number(port) : named(port, container)
  if (number === undefined || number <= 0 || number > 65_535) throw new Error(`couldn't find port: ${port} in container ${container.name}`)
  return number
}

function named(name: string | undefined, container: Container): number | undefined {
  return container.ports?.find((port) => port.name === name)?.containerPort
}
