import { wideColumn } from '../../declaration/columns.js'
import type { TypeOf } from '../../declaration/type-of.js'
import type { Column } from '../../kind.js'

type Container = TypeOf<'core.v1.Container'>

/** The two wide columns of everything that holds a pod template. */
export function templateColumns<T>(template: (object: T) => TypeOf<'core.v1.PodTemplateSpec'> | undefined): Column<T>[] {
  const containers = (object: T) => template(object)?.spec?.containers ?? []
  return [
    wideColumn('Containers', 'string', 'Names of the containers of the template.', (object) => containerNames(containers(object))),
    wideColumn('Images', 'string', 'Images the containers of the template run.', (object) => containerImages(containers(object))),
  ]
}

export const containerNames = (containers: readonly Container[]): string => containers.map((container) => container.name).join(',')

export const containerImages = (containers: readonly Container[]): string => containers.map((container) => container.image ?? '').join(',')
