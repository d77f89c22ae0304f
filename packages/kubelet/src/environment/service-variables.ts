import type { Service } from '@treeline/api'

/** Variables that tell a container where the services of its namespace are, the way they were told before DNS. */
export function serviceVariables(services: readonly Service[], namespace: string, enableServiceLinks: boolean): Map<string, string> {
  const chosen = new Map<string, Service>()
  for (const service of services) {
    const { clusterIP } = service.spec ?? {}
    const name = service.metadata.name ?? ''
    if (!clusterIP || clusterIP === 'None') continue
    const always = service.metadata.namespace === 'default' && name === 'kubernetes'
    if (service.metadata.namespace === namespace && enableServiceLinks) chosen.set(name, service)
    else if (always && !chosen.has(name)) chosen.set(name, service)
  }
  const variables = new Map<string, string>()
  for (const [name, service] of chosen) addService(variables, name, service)
  return variables
}

function addService(variables: Map<string, string>, serviceName: string, service: Service): void {
  const { clusterIP = '', ports = [] } = service.spec ?? {}
  const [first] = ports
  if (first === undefined) return
  const prefix = variableName(serviceName)
  const host = clusterIP.includes(':') ? `[${clusterIP}]` : clusterIP
  variables.set(`${prefix}_SERVICE_HOST`, clusterIP)
  variables.set(`${prefix}_SERVICE_PORT`, String(first.port))
  for (const { name, port } of ports) if (name) variables.set(`${prefix}_SERVICE_PORT_${variableName(name)}`, String(port))
  ports.forEach(({ port, protocol = 'TCP' }, index) => {
    const scheme = protocol.toLowerCase()
    const url = `${scheme}://${host}:${port}`
    const own = `${prefix}_PORT_${port}_${protocol.toUpperCase()}`
    if (index === 0) variables.set(`${prefix}_PORT`, url)
    variables.set(own, url)
    variables.set(`${own}_PROTO`, scheme)
    variables.set(`${own}_PORT`, String(port))
    variables.set(`${own}_ADDR`, clusterIP)
  })
}

function variableName(text: string): string {
  return text.replaceAll('-', '_').toUpperCase()
}
